"""From the bytes of a file to its lines, a batch at a time."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from openyx.errors import WorkflowError
from openyx.formats.codepages import CodePage, marked
from openyx.formats.shelf import Warn

Source = Path | bytes
CHUNK = 1 << 23
GLANCE = 1 << 16

_BREAK = re.compile(r"(\r\n|\r|\n)")
_LONGEST_MARK = 3


def opened(source: Source) -> BinaryIO:
    """*source* to be read as bytes. Raises ``WorkflowError`` naming a file that cannot be opened."""
    if isinstance(source, bytes):
        return BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise WorkflowError(f'Unable to open file for read: "{source}": {error.strerror}') from error


def named(source: Source) -> str:
    """What *source* is called in messages."""
    return "data" if isinstance(source, bytes) else str(source)


def mark_of(source: Source) -> CodePage | None:
    """The code page that the byte order mark of *source* tells, if it has one."""
    with opened(source) as file:
        return marked(file.read(_LONGEST_MARK))


def texts(source: Source, code_page: CodePage, warn: Warn, *, piece: int = CHUNK) -> Iterator[str]:
    """The text of a file, so many bytes at a time, without byte order mark.

    Bytes that are no text become U+FFFD, with a warning.
    """
    decoder = codecs.getincrementaldecoder(code_page.codec)("strict")
    with opened(source) as file:
        head = file.read(_LONGEST_MARK)
        chunk = head.removeprefix(code_page.mark) if code_page.mark else head
        while True:
            more = file.read(piece)
            state = decoder.getstate()
            try:
                text = decoder.decode(chunk, final=not more)
            except UnicodeDecodeError:
                warn(_replaced(source, code_page))
                decoder = codecs.getincrementaldecoder(code_page.codec)("replace")
                decoder.setstate(state)
                text = decoder.decode(chunk, final=not more)
            if text:
                yield text
            if not more:
                return
            chunk = more


def chunks(source: Source, code_page: CodePage, warn: Warn) -> Iterator[bytes]:
    """Whole lines of a file as UTF-8, many at a time, whatever their ends; the last may have none.

    For code pages that write ASCII as it is: a line feed is one wherever it stands.
    """
    as_it_is = True
    with opened(source) as file:
        start = len(code_page.mark) if code_page.mark and file.read(_LONGEST_MARK).startswith(code_page.mark) else 0
        for found in _whole_lines(file, start):
            text, as_it_is = _utf8(found, source, code_page, warn, strict=as_it_is)
            yield text


def _whole_lines(file: BinaryIO, start: int) -> Iterator[bytes]:
    """Lines from *start* on, read to their end and no further: nothing is copied, which would hold up other threads."""
    size = file.seek(0, os.SEEK_END)
    while start < size:
        end = _end_of_line(file, start, start + CHUNK) if start + CHUNK < size else size
        file.seek(start)
        if found := file.read(end - start):
            yield found
        start = end


def _end_of_line(file: BinaryIO, start: int, limit: int) -> int:
    """Where the last line ends that begins after *start* and ends before *limit*, or else the first one."""
    for glance in (min(GLANCE, limit - start), limit - start):
        file.seek(limit - glance)
        if end := file.read(glance).rfind(b"\n") + 1:
            return limit - glance + end
    while line := file.readline(CHUNK):
        if line.endswith(b"\n"):
            break
    return file.tell()


def _utf8(chunk: bytes, source: Source, code_page: CodePage, warn: Warn, *, strict: bool) -> tuple[bytes, bool]:
    """A chunk in UTF-8, and whether it and all before it were text."""
    if chunk.isascii():
        return chunk, strict
    try:
        text = chunk.decode(code_page.codec)
    except UnicodeDecodeError:
        if strict:
            warn(_replaced(source, code_page))
        return chunk.decode(code_page.codec, "replace").encode(), False
    return text.encode(), strict


def _replaced(source: Source, code_page: CodePage) -> str:
    return f'"{named(source)}" has bytes that are no {code_page.codec}; they were replaced by U+FFFD'


def lines(pieces: Iterator[str]) -> Iterator[list[str]]:
    """Lines without their ends (CRLF, LF or CR), in batches; the end of the last line may be missing."""
    held = ""
    for piece in pieces:
        text = held + piece
        if text.endswith("\r"):
            text, after = text[:-1], "\r"
        else:
            after = ""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        *whole, rest = text.split("\n")
        held = rest + after
        if whole:
            yield whole
    if held:
        yield [held.removesuffix("\r")]


def broken_lines(pieces: Iterator[str]) -> Iterator[list[tuple[str, str]]]:
    """Lines with their ends beside them, in batches."""
    held = ""
    for piece in pieces:
        text = held + piece
        if text.endswith("\r"):
            text, after = text[:-1], "\r"
        else:
            after = ""
        *whole, rest = _BREAK.split(text)
        held = rest + after
        if whole:
            yield list(zip(whole[::2], whole[1::2], strict=True))
    if held:
        end = "\r" if held.endswith("\r") else ""
        yield [(held.removesuffix("\r"), end)]
