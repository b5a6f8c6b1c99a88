"""When the data engine's own CSV reader gives the same records as ours, and how it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from openyx.formats.delimited.lines import CHUNK, Source, opened

# The engine takes these beginnings for compressed files.
_LIKE_ZLIB = (b"x\x01", b"x^")
_MARK = b"\xef\xbb\xbf"


def suits(source: Source, skipped: int, width: int, delimiter: str, *, ascii_only: bool) -> bool:
    """Whether all lines after the *skipped* ones are regular: UTF-8, as many fields each, quotes only around values.

    Goes over all bytes once.
    """
    if not delimiter.isascii() or delimiter in '"\r\n':
        return False
    check = _Check(width, delimiter.encode(), "ascii" if ascii_only else "utf-8")
    with opened(source) as file:
        head = file.read(len(_MARK))
        if head.startswith(_LIKE_ZLIB):
            return False
        if head != _MARK:
            file.seek(0)
        if not all(_is_line(file.readline()) for _ in range(skipped)):
            return False
        seen = False
        for lines in _whole_lines(file):
            if not check.regular(lines):
                return False
            seen = True
        return seen


def scan(source: Source, skipped: int, names: tuple[str, ...], delimiter: str) -> pl.LazyFrame:
    """The records as text, read by the engine."""
    return pl.scan_csv(
        source,
        has_header=False,
        skip_lines=skipped,
        schema={name: pl.String() for name in names},
        separator=delimiter,
        infer_schema=False,
        extra_columns="raise",
        glob=False,
    )


class _Check:
    """Looks at batches of whole lines; the line end of the first batch is that of the file."""

    def __init__(self, width: int, delimiter: bytes, codec: str) -> None:
        self._delimiters = width - 1
        self._delimiter = delimiter
        self._codec = codec
        mark = re.escape(delimiter)
        value = rb'(?:[^"' + mark + rb']*|"[^"]*(?:""[^"]*)*")'
        self._quoted = re.compile(value + rb"(?:" + mark + value + rb")*")
        self._inside = re.compile(rb'"[^"]*"')
        self._returns: bool | None = None

    def regular(self, text: bytes) -> bool:
        """Whether these lines are regular."""
        if b"\0" in text or not self._ends_alike(text) or not self._is_text(text):
            return False
        lines = text.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
        if not all(lines):
            return False
        if b'"' in text:
            if not all(self._quoted.fullmatch(line) for line in lines if b'"' in line):
                return False
            lines = [self._inside.sub(b"", line) for line in lines]
        return {line.count(self._delimiter) for line in lines} == {self._delimiters}

    def _ends_alike(self, text: bytes) -> bool:
        returns = text.count(b"\r")
        if returns and (returns != text.count(b"\r\n") or returns != text.count(b"\n")):
            return False
        if self._returns is None:
            self._returns = returns > 0
        return self._returns == (returns > 0)

    def _is_text(self, text: bytes) -> bool:
        try:
            text.decode(self._codec)
        except UnicodeDecodeError:
            return False
        return True


def _is_line(line: bytes) -> bool:
    """Whether a line feed ends it, and no carriage return within."""
    return line.endswith(b"\n") and b"\r" not in line.removesuffix(b"\r\n")


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    held = b""
    while chunk := file.read(CHUNK):
        whole, newline, rest = (held + chunk).rpartition(b"\n")
        if newline:
            yield whole + newline
        held = rest
    if held:
        yield held
