"""Make fields of records: values that stand one below the other, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from openyx.fields import Field, Schema
from openyx.relation import memory
from openyx.relation.flow import Flow
from openyx.relation.order import Key, Order
from openyx.relation.ranking import ranked
from openyx.relation.summing import total
from openyx.relation.types import column, native, native_schema, series_of
from openyx.relation.verbs.base import OneInput

_HEADER, _ROW, _PLACE = "\0pivot header", "\0pivot row", "\0pivot place"

# The least that a place of the table and a value in it take, in bytes.
_PLACED, _VALUE = 4, 8


class Part(StrEnum):
    """What a cell shows: the value, its percentage of the sum of its row or column, or the sum of the row."""

    VALUE = "value"
    OF_ROW = "percent of row"
    OF_COLUMN = "percent of column"
    ROW = "sum of row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A new field, made from the values of the field ``of`` beside the header at place ``header``."""

    field: Field
    of: str
    header: int = 0
    part: Part = Part.VALUE


@dataclass(frozen=True, slots=True, eq=False)
class Pivot(OneInput):
    """One record for each group of records, sorted by the groups; null where a group has not this header.

    The field ``header`` tells which of ``headers`` a record belongs to; a group has each of them once at most.
    """

    groups: tuple[str, ...]
    header: str
    headers: tuple[object, ...]
    cells: tuple[Cell, ...]

    @property
    def _groups(self) -> list[Field]:
        return [self.source.schema[name] for name in self.groups]

    def schema(self) -> Schema:
        return Schema((*self._groups, *(cell.field for cell in self.cells)))

    def order(self) -> Order:
        return Order(tuple(Key(group.name) for group in self._groups))

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:  # noqa: ARG002 - it makes all
        return (frozenset(self._needed),)

    @property
    def _needed(self) -> tuple[str, ...]:
        names = (*self.groups, self.header, *(cell.of for cell in self.cells))
        return tuple(dict.fromkeys(self.source.schema[name].name for name in names))

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        frame = records.frame.select([column(name) for name in self._needed])
        return Flow(frame.map_batches(self._spread, schema=native_schema(self.schema())))

    def _spread(self, records: pl.DataFrame) -> pl.DataFrame:
        """All records at once: each value has its place in a table that stands column below column."""
        heads = self._heads(records)
        wide = f"A table of {heads.height:,} records with {len(self.cells):,} fields"
        memory.check(heads.height * (_PLACED * len(self.headers) + _VALUE * len(self.cells)), wide)
        table = _Table(self._placed(records, heads), heads.height, len(self.headers))
        kept = [heads.get_column(group.name) for group in self._groups]
        return pl.DataFrame([*kept, *(self._cell(cell, table) for cell in self.cells)])

    def _heads(self, records: pl.DataFrame) -> pl.DataFrame:
        """The groups, each with the number of its row."""
        if not self.groups:
            return records.head(1).select(pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW))
        groups = records.select([column(group.name) for group in self._groups]).unique(maintain_order=True)
        keys = [ranked(group) for group in self._groups]
        return groups.sort(keys, nulls_last=False, maintain_order=True).with_row_index(_ROW)

    def _placed(self, records: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
        """The records with the numbers of their rows and headers."""
        header = self.source.schema[self.header]
        places = pl.DataFrame([pl.Series(_HEADER, self.headers, dtype=native(header.type))]).with_row_index(_PLACE)
        rows = records.with_columns(pl.lit(0, dtype=pl.UInt32).alias(_ROW))
        if self.groups:
            on = [column(group.name) for group in self._groups]
            rows = records.join(heads, on=on, how="left", nulls_equal=True, maintain_order="left")
        found = column(header.name)
        return rows.join(places, left_on=found, right_on=_HEADER, how="left", nulls_equal=True, maintain_order="left")

    def _cell(self, cell: Cell, table: _Table) -> pl.Series:
        origin = self.source.schema[cell.of]
        if cell.part is Part.ROW:
            made = table.row_sums(origin)
        elif cell.part is Part.VALUE:
            made = table.values(origin, cell.header)
        else:
            values = table.values(origin, cell.header)
            whole = table.row_sums(origin) if cell.part is Part.OF_ROW else table.column_sum(origin, cell.header)
            made = values.cast(pl.Float64) / whole * 100
        return made.cast(native(cell.field.type)).alias(cell.field.name)


class _Table:
    """The values of all groups and headers, field by field."""

    def __init__(self, records: pl.DataFrame, height: int, width: int) -> None:
        self._records = records
        self._height = height
        known = records.select(
            at=pl.col(_PLACE).cast(pl.Int64) * height + pl.col(_ROW), of=pl.int_range(pl.len(), dtype=pl.UInt32)
        ).drop_nulls()
        nowhere = pl.Series([None], dtype=pl.UInt32).new_from_index(0, height * width)
        self._origins = nowhere.scatter(known.get_column("at"), known.get_column("of"))
        self._placed: dict[str, pl.Series] = {}
        self._sums: dict[str, pl.Series] = {}

    def values(self, field: Field, header: int) -> pl.Series:
        """The column of a header."""
        if field.name not in self._placed:
            self._placed[field.name] = series_of(self._records, field.name).gather(self._origins)
        return self._placed[field.name].slice(header * self._height, self._height)

    def row_sums(self, field: Field) -> pl.Series:
        """The sum of each row, as doubles: its values are added from left to right."""
        if field.name not in self._sums:
            sums = self._records.sort(_ROW, _PLACE).group_by(_ROW, maintain_order=True)
            made = sums.agg(total(column(field.name), field.type).cast(pl.Float64))
            self._sums[field.name] = made.to_series(1).alias("sums")
        return self._sums[field.name]

    def column_sum(self, field: Field, header: int) -> pl.Series:
        """The sum of a column, as one double."""
        values = self.values(field, header)
        return values.to_frame().select(total(pl.first(), field.type).cast(pl.Float64)).to_series()
