"""Multipart uploads: texts kept in memory, the file streamed to disk, everything within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from openyx.api.calls import Part
from openyx.errors import BadRequest
from openyx.server.settings import Limits
from openyx.store import Blob, Blobs, BlobWriter

_FILES = ("file", "inputfile")
_TYPES = ("multipart/form-data", "application/form-data")


@dataclass(frozen=True, slots=True)
class Upload(Part):
    """A file that was received; it is lost after the request unless it is kept."""

    writer: BlobWriter | None = None

    def keep(self) -> Blob:
        """Make it a blob of the store."""
        assert self.writer is not None
        return self.writer.keep()


@dataclass(slots=True)
class _Open:
    """The part that is being received."""

    name: str
    filename: str
    content_type: str
    text: bytearray
    writer: BlobWriter | None


class Receiver:
    """Takes a multipart body piece by piece; a context manager that leaves nothing behind.

    The file is the part called ``file`` (or ``inputFile``), or one with a filename of a name that no text has. All
    calls raise ``BadRequest`` for what is malformed or too large.
    """

    def __init__(self, content_type: str, blobs: Blobs, limits: Limits, texts: frozenset[str]) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind.decode("latin-1") not in _TYPES or not boundary:
            raise BadRequest("The body must be multipart/form-data with a boundary.", status=400)
        self._blobs, self._limits, self._texts = blobs, limits, texts
        self._stack = ExitStack()
        self._parts: list[Part] = []
        self._open: _Open | None = None
        self._name, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._ended = False
        self._size = 0
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                    "on_end": self._over,
                },
            )
        except FormParserError as error:
            raise _malformed(error) from error

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not kept."""
        self._stack.close()

    def feed(self, piece: bytes) -> None:
        """The next piece of the body."""
        self._size += len(piece)
        if self._size > self._limits.upload:
            raise too_large(self._limits.upload)
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise _malformed(error) from error

    def finish(self) -> tuple[Part, ...]:
        """The parts, in the order in which they came."""
        if not self._ended:
            raise BadRequest("The upload is cut off: its last boundary is missing.", status=400)
        return tuple(self._parts)

    def _begin(self) -> None:
        self._headers = {}
        if len(self._parts) >= self._limits.parts:
            raise BadRequest(f"The upload has more than {self._limits.parts} parts.", status=413)

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if not name:
            raise BadRequest("A part of the upload has no name.", status=400)
        filename = options.get(b"filename", b"").decode("utf-8", "replace")
        content_type = self._headers.get(b"content-type", b"").decode("latin-1")
        is_file = name.lower() in _FILES or (filename != "" and name.lower() not in self._texts)
        writer = self._stack.enter_context(self._blobs.writer()) if is_file else None
        self._open = _Open(name, filename, content_type, bytearray(), writer)

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part.writer:
            part.writer.write(data[start:end])
            return
        part.text += data[start:end]
        if len(part.text) > self._limits.text:
            raise BadRequest(f"The part {part.name!r} has more than {self._limits.text} bytes.", status=413)

    def _end(self) -> None:
        part = self._part
        if part.writer:
            self._parts.append(Upload(part.name, part.writer.path, part.filename, part.content_type, None, part.writer))
        else:
            self._parts.append(Part(part.name, _decoded(part), part.filename, part.content_type))
        self._open = None

    def _over(self) -> None:
        self._ended = True

    @property
    def _part(self) -> _Open:
        if self._open is None:
            raise BadRequest("The upload is malformed: a part without headers.", status=400)
        return self._open


def uploads(parts: tuple[Part, ...]) -> Iterator[Upload]:
    """The files among the parts."""
    return (part for part in parts if isinstance(part, Upload))


def texts(parts: tuple[Part, ...]) -> dict[str, str]:
    """The texts among the parts by name in lower case; of several the last."""
    return {part.name.lower(): part.content.strip() for part in parts if isinstance(part.content, str)}


def too_large(limit: int) -> BadRequest:
    """The error for a body that is larger than the limit."""
    return BadRequest(f"The body is larger than {limit:,} bytes.", status=413)


def _decoded(part: _Open) -> str:
    try:
        return part.text.decode()
    except UnicodeDecodeError:
        raise BadRequest(f"The part {part.name!r} is not UTF-8.", status=400) from None


def _malformed(error: Exception) -> BadRequest:
    return BadRequest(f"The upload is malformed: {error}.", status=400)
