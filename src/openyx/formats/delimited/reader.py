"""Reads delimited text: looks at the file first, then gives its records lazily."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TypeVar

import polars as pl
from polars.io.plugins import register_io_source

from openyx.errors import WorkflowError
from openyx.fields import Field, FieldType, Schema
from openyx.formats.codepages import CodePage
from openyx.formats.csv import CsvInput
from openyx.formats.delimited.ahead import ahead
from openyx.formats.delimited.fields import Splitter
from openyx.formats.delimited.lines import GLANCE, Source, broken_lines, chunks, lines, mark_of, named, texts
from openyx.formats.delimited.records import Records, whole_records
from openyx.formats.names import valid
from openyx.formats.shelf import Warn

Item = TypeVar("Item")

_CAP = 16_777_216
_LARGEST_NARROW = 2_147_483_647


class CsvReader:
    """A file of delimited text whose names are known.

    Raises ``WorkflowError`` naming the file when it cannot be opened or is empty.
    """

    fits = False

    def __init__(self, source: Source, options: CsvInput, warn: Warn) -> None:
        self._source = source
        self._options = options
        self._warn = warn
        if len(options.delimiter) > 1:
            warn(f"of the delimiter {options.delimiter!r} only the first character counts")
        self._splitter = Splitter(options.delimiter[:1], options.quotes)
        self._code_page: CodePage = mark_of(source) or options.code_page
        self.narrow = self._code_page.narrow
        self.schema: Schema = self._look()

    def frame(self) -> pl.LazyFrame:
        """The records as text."""
        schema = pl.Schema({name: pl.String() for name in self.schema.names})
        return register_io_source(self._frames, schema=schema, is_pure=True)

    def _look(self) -> Schema:
        pieces = texts(self._source, self._code_page, lambda _: None, piece=GLANCE)
        first = next(chain.from_iterable(self._records(pieces, self._options.first_line - 1, header=False)), None)
        if first is None:
            raise WorkflowError(f'Error reading "{named(self._source)}": there is no line {self._options.first_line}')
        values = self._splitter.values(first)
        found = valid(values if self._options.header else [None] * len(values))
        for warning in found.warnings:
            self._warn(warning)
        return Schema(tuple(Field(name, self._type(), source=f"File: {named(self._source)}") for name in found.names))

    def _type(self) -> FieldType:
        size = min(self._options.field_length, _CAP if self._options.capped else _LARGEST_NARROW)
        return FieldType.of("V_WString" if self._code_page.unicode else "V_String", size)

    def _frames(
        self,
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        _batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        records = Records(
            name=named(self._source),
            names=self.schema.names,
            splitter=self._splitter,
            lenient=self._options.lenient,
            warn=self._warn,
        )
        left = n_rows
        for batch in ahead(self._all(records)):
            frame = batch if left is None else batch.head(left)
            left = None if left is None else left - frame.height
            frame = frame if predicate is None else frame.filter(predicate)
            yield frame if with_columns is None else pl.DataFrame([frame.get_column(name) for name in with_columns])
            if left == 0:
                return

    def _all(self, records: Records) -> Iterator[pl.DataFrame]:
        skipped, header = self._options.first_line - 1, self._options.header
        if self._code_page.writes_ascii:
            yield from self._by_chunks(records, skipped, header=header)
        else:
            pieces = texts(self._source, self._code_page, self._warn)
            yield from records.frames(self._records(pieces, skipped, header=header))
        records.conclude()

    def _by_chunks(self, records: Records, skipped: int, *, header: bool) -> Iterator[pl.DataFrame]:
        """Many lines at once as far as they are regular; where a record may go over lines, the rest one by one."""
        pieces = ahead(chunks(self._source, self._code_page, self._warn))
        for chunk in pieces:
            start = _start(chunk, skipped + header)
            known = start >= 0 and not (self._breaks and self._breaks in chunk[:start])
            frame = records.chunk(chunk[start:]) if known else None
            if frame is not None:
                yield frame
            else:
                together = chain([chunk], pieces) if self._breaks or start < 0 else iter([chunk])
                found = self._records((piece.decode() for piece in together), skipped, header=header)
                yield from records.frames(found)
            skipped, header = 0, False

    @property
    def _breaks(self) -> bytes:
        """The quote inside which lines may break, if they may."""
        return self._splitter.quote.encode() if self._options.quoted_breaks else b""

    def _records(self, pieces: Iterator[str], skipped: int, *, header: bool) -> Iterator[list[str]]:
        """Lines after *skipped* ones, those of a record together; without the first record when it is a header."""
        if self._breaks:
            records = whole_records(_after(broken_lines(pieces), skipped), self._splitter)
        else:
            records = _after(lines(pieces), skipped)
        return _after(records, 1) if header else records


def _start(chunk: bytes, lines: int) -> int:
    """Where *chunk* begins after that many lines; -1 where it has not so many."""
    place = 0
    for _ in range(lines):
        place = chunk.find(b"\n", place) + 1
        if not place or b"\r" in chunk[:place].replace(b"\r\n", b"\n"):
            return -1
    return place


def _after(batches: Iterator[list[Item]], skipped: int) -> Iterator[list[Item]]:
    for batch in batches:
        if skipped >= len(batch):
            skipped -= len(batch)
            continue
        yield batch[skipped:] if skipped else batch
        skipped = 0
