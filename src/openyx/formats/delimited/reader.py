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
from openyx.formats.delimited.fields import Splitter
from openyx.formats.delimited.lines import Source, broken_lines, lines, mark_of, named, texts
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
        self.schema: Schema = self._look()

    def frame(self) -> pl.LazyFrame:
        """The records as text."""
        schema = pl.Schema({name: pl.String() for name in self.schema.names})
        return register_io_source(self._frames, schema=schema, is_pure=True)

    def _look(self) -> Schema:
        first = next(chain.from_iterable(self._batches(self._options.first_line - 1, warn=lambda _: None)), None)
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

    def _batches(self, skipped: int, warn: Warn) -> Iterator[list[str]]:
        """Lines from the one after *skipped* on, a record each."""
        pieces = texts(self._source, self._code_page, warn)
        if self._options.quoted_breaks and self._splitter.quote:
            return whole_records(_after(broken_lines(pieces), skipped), self._splitter)
        return _after(lines(pieces), skipped)

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
        batches = self._batches(self._options.first_line - 1, self._warn)
        if self._options.header:
            batches = _after(batches, 1)
        left = n_rows
        for batch in records.frames(batches):
            frame = batch if left is None else batch.head(left)
            left = None if left is None else left - frame.height
            frame = frame if predicate is None else frame.filter(predicate)
            yield frame if with_columns is None else frame.select(with_columns)
            if left == 0:
                return


def _after(batches: Iterator[list[Item]], skipped: int) -> Iterator[list[Item]]:
    for batch in batches:
        if skipped >= len(batch):
            skipped -= len(batch)
            continue
        yield batch[skipped:] if skipped else batch
        skipped = 0
