"""A multipart body that is read from disk while it is sent."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2

from openyx.api.calls import Part
from openyx.errors import AskedWrongly

CHUNK = 256 * 1024


class Upload(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The parts of a multipart body, for both worlds; it can be sent again."""

    def __init__(self, parts: tuple[Part, ...], *, boundary: str = "") -> None:
        self.boundary = boundary or f"openyx-{secrets.token_hex(16)}"
        self._parts = parts
        self._heads = [_head(part, self.boundary) for part in parts]
        self._sizes = [_size(part) for part in parts]
        self._end = f"--{self.boundary}--\r\n".encode()
        self.length = sum(map(len, self._heads)) + sum(self._sizes) + 2 * len(parts) + len(self._end)

    @property
    def content_type(self) -> str:
        """The header that names the boundary."""
        return f"multipart/form-data; boundary={self.boundary}"

    def __iter__(self) -> Iterator[bytes]:
        for part, head, size in zip(self._parts, self._heads, self._sizes, strict=True):
            yield head
            yield from _content(part, size)
            yield b"\r\n"
        yield self._end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        import asyncio

        chunks = iter(self)
        while chunk := await asyncio.to_thread(next, chunks, b""):
            yield chunk


def _head(part: Part, boundary: str) -> bytes:
    disposition = f'form-data; name="{_quoted(part.name)}"'
    if not isinstance(part.content, Path) and not part.filename:
        return f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    filename = part.filename or (part.content.name if isinstance(part.content, Path) else "")
    return (
        f'--{boundary}\r\nContent-Disposition: {disposition}; filename="{_quoted(filename)}"\r\n'
        f"Content-Type: {part.content_type}\r\n\r\n"
    ).encode()


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _size(part: Part) -> int:
    match part.content:
        case Path():
            return part.content.stat().st_size
        case str():
            return len(part.content.encode())
        case bytes():
            return len(part.content)


def _content(part: Part, size: int) -> Iterator[bytes]:
    if not isinstance(part.content, Path):
        text = part.content.encode() if isinstance(part.content, str) else part.content
        if text:
            yield text
        return
    sent = 0
    with part.content.open("rb") as file:
        while chunk := file.read(CHUNK):
            sent += len(chunk)
            if sent > size:
                break
            yield chunk
            if part.progress:
                part.progress(sent)
    if sent != size:
        raise AskedWrongly(f"{part.content} changed while it was sent", hint="send it again when nobody writes to it")
