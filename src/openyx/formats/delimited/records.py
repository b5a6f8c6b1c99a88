"""From lines to records: as many values each as the file has fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from openyx.errors import WorkflowError
from openyx.formats.delimited.fast import Regular
from openyx.formats.delimited.fields import Splitter, Values
from openyx.formats.shelf import Warn

WARNINGS_LISTED = 10


@dataclass
class Records:
    """Makes frames of batches of lines; what does not fit is an error, or a warning when ``lenient``."""

    name: str
    names: tuple[str, ...]
    splitter: Splitter
    lenient: bool
    warn: Warn
    count: int = 0
    _uneven: int = 0
    _empty: int = 0

    def chunk(self, chunk: bytes) -> pl.DataFrame | None:
        """The records of whole lines in UTF-8, or nothing where they have to be looked at one by one."""
        return self._counted(self._regular.frame_of(chunk))

    def frames(self, batches: Iterator[list[str]]) -> Iterator[pl.DataFrame]:
        """The records of lines, as text."""
        for batch in batches:
            frame = self._counted(self._regular.frame(batch))
            yield self._one_by_one(batch) if frame is None else frame

    def conclude(self) -> None:
        """Tell the warnings that go over the whole file."""
        if self._uneven > WARNINGS_LISTED:
            self.warn(f'"{self.name}": {self._uneven} records had not enough or too many fields')
        if self._empty:
            self.warn(f'"{self.name}": {self._empty} empty lines were skipped')

    @cached_property
    def _regular(self) -> Regular:
        return Regular(self.names, self.splitter.delimiter, self.splitter.quote)

    def _counted(self, frame: pl.DataFrame | None) -> pl.DataFrame | None:
        self.count += 0 if frame is None else frame.height
        return frame

    def _one_by_one(self, lines: list[str]) -> pl.DataFrame:
        columns: list[Values] = [[] for _ in self.names]
        appenders: list[Callable[[str | None], None]] = [column.append for column in columns]
        for line in lines:
            if not line and len(self.names) > 1:
                self._empty += 1
                continue
            self.count += 1
            if "\0" in line:
                raise WorkflowError(f'Error reading "{self.name}": a NUL byte in record #{self.count}')
            values = self.splitter.values(line)
            if len(values) != len(self.names):
                values = self._fitted(values)
            for append, value in zip(appenders, values, strict=True):
                append(value)
        return pl.DataFrame(
            [pl.Series(name, column, dtype=pl.String()) for name, column in zip(self.names, columns, strict=True)]
        )

    def _fitted(self, values: Values) -> Values:
        """The wording is approximately the product's."""
        wrong = "Not enough fields" if len(values) < len(self.names) else "Too many fields"
        said = f"{wrong} in record #{self.count}"
        if not self.lenient:
            raise WorkflowError(f'Error reading "{self.name}": {said}')
        self._uneven += 1
        if self._uneven <= WARNINGS_LISTED:
            self.warn(f'"{self.name}": {said}')
        missing: Values = [None] * (len(self.names) - len(values))
        return (values + missing)[: len(self.names)]


def whole_records(batches: Iterator[list[tuple[str, str]]], splitter: Splitter) -> Iterator[list[str]]:
    """Lines put together where a line break stands inside quotes."""
    held: list[str] = []
    for batch in batches:
        done: list[str] = []
        for line, end in batch:
            if not held:
                if splitter.is_open(line):
                    held = [line, end]
                else:
                    done.append(line)
                continue
            held.append(line)
            if splitter.closes(line):
                done.append("".join(held))
                held = []
            else:
                held.append(end)
        if done:
            yield done
    if held:
        yield ["".join(held)]
