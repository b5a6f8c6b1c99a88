"""See each record among those of its group: its number, their count, its neighbours' values, totals so far."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import polars as pl

from openyx.fields import DOUBLE, INT64, Field, FieldType, Kind, Schema
from openyx.relation.flow import Fault, Flow
from openyx.relation.summing import int64_sum, int64_sum_fault
from openyx.relation.types import column
from openyx.relation.types import native as native_type
from openyx.relation.verbs.base import OneInput


class Beyond(StrEnum):
    """What stands for a record that the group does not have: null, 0 or an empty text, or the nearest that it has."""

    NULL = "null"
    EMPTY = "empty"
    NEAREST = "nearest"


def empty(type: FieldType) -> str | int | bool | None:  # noqa: A002 - the field's own word
    """0 for numbers, an empty text for texts; dates, blobs and shapes have no such value and are null (we assume)."""
    if type.is_text:
        return ""
    if type.kind is Kind.BOOL:
        return False
    return 0 if type.is_number else None


@dataclass(frozen=True, slots=True)
class Group:
    """Where a record stands among all, and where its group begins and ends: columns of whole numbers, from 0."""

    keys: tuple[pl.Expr, ...]
    index: ClassVar[pl.Expr] = pl.col("\0index")
    first: ClassVar[pl.Expr] = pl.col("\0first")
    end: ClassVar[pl.Expr] = pl.col("\0end")

    def over(self, values: pl.Expr) -> pl.Expr:
        """*values*, computed in each group on its own."""
        return values.over(self.keys) if self.keys else values

    def bounded(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The records, sorted by the keys, with index and bounds."""
        numbered = frame.with_row_index(self.index.meta.output_name()).with_columns(self.index.cast(pl.Int64))
        if not self.keys:
            return numbered.with_columns(self._first(pl.lit(0, dtype=pl.Int64)), self._end(pl.len().cast(pl.Int64)))
        opens = pl.any_horizontal([self.index == 0, *(key.ne_missing(key.shift(1)) for key in self.keys)])
        opening = pl.when(opens).then(self.index)
        end = opening.shift(-1).backward_fill().fill_null(pl.len())
        return numbered.with_columns(self._first(opening.forward_fill()), self._end(end))

    def _first(self, values: pl.Expr) -> pl.Expr:
        return values.alias(self.first.meta.output_name())

    def _end(self, values: pl.Expr) -> pl.Expr:
        return values.alias(self.end.meta.output_name())


@dataclass(frozen=True, slots=True)
class Windowed(ABC):
    """A field to add."""

    name: str

    @abstractmethod
    def field(self, schema: Schema) -> Field:
        """What the new field is."""

    @abstractmethod
    def values(self, schema: Schema, group: Group) -> pl.Expr:
        """Its values over records with their bounds."""


@dataclass(frozen=True, slots=True)
class Number(Windowed):
    """The record's number in its group, from 1: an Int64."""

    def field(self, schema: Schema) -> Field:  # noqa: ARG002 - the same for every one
        return Field(self.name, INT64)

    def values(self, schema: Schema, group: Group) -> pl.Expr:  # noqa: ARG002 - as above
        return group.index - group.first + 1


@dataclass(frozen=True, slots=True)
class Size(Windowed):
    """How many records the group has: an Int64."""

    def field(self, schema: Schema) -> Field:  # noqa: ARG002 - the same for every one
        return Field(self.name, INT64)

    def values(self, schema: Schema, group: Group) -> pl.Expr:  # noqa: ARG002 - as above
        return group.end - group.first


@dataclass(frozen=True, slots=True)
class Neighbour(Windowed):
    """The value that ``of`` has so many records further on (+) or back (-) in the group."""

    of: str
    offset: int
    beyond: Beyond = Beyond.NULL

    def field(self, schema: Schema) -> Field:
        return schema[self.of].named(self.name)

    def values(self, schema: Schema, group: Group) -> pl.Expr:
        origin = schema[self.of]
        values, place = column(origin.name), group.index + self.offset
        there = pl.when(place.is_between(group.first, group.end, closed="left")).then(values.shift(-self.offset))
        match self.beyond:
            case Beyond.NULL:
                return there
            case Beyond.EMPTY:
                return there.otherwise(pl.lit(empty(origin.type), dtype=native_type(origin.type)))
            case Beyond.NEAREST:
                return there.otherwise(values.gather(group.first if self.offset < 0 else group.end - 1))


@dataclass(frozen=True, slots=True)
class Running(Windowed):
    """The sum of ``of`` over the group's records so far, null counts 0; Int64 of whole numbers, else Double.

    Doubles are added in order. A sum that an Int64 does not hold is null, and reported.
    """

    of: str
    source: str = ""

    def field(self, schema: Schema) -> Field:
        return Field(self.name, INT64 if self.whole(schema) else DOUBLE, self.source)

    def whole(self, schema: Schema) -> bool:
        """Whether whole numbers are summed."""
        type_ = schema[self.of].type
        return type_.is_integer or type_.kind is Kind.BOOL

    def values(self, schema: Schema, group: Group) -> pl.Expr:
        origin = schema[self.of]
        values = column(origin.name)
        if origin.type.kind is Kind.FIXED_DECIMAL:
            # The engine's own cast divides, which rounds a second time.
            values = values.cast(pl.String).cast(pl.Float64)
        return group.over(values.cast(pl.Int128 if self.whole(schema) else pl.Float64).fill_null(0).cum_sum())


@dataclass(frozen=True, slots=True, eq=False)
class Window(OneInput):
    """The records with more fields, computed within ``groups``, by which they are sorted; or all are one group."""

    groups: tuple[str, ...]
    columns: tuple[Windowed, ...]

    carries_faults = True

    def schema(self) -> Schema:
        before = self.source.schema
        return Schema((*before, *(each.field(before) for each in self.columns)))

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        schema = self.source.schema
        group = Group(tuple(column(schema[name].name) for name in self.groups))
        sums = [each for each in self.columns if isinstance(each, Running) and each.whole(schema)]
        faults = tuple(Fault(each.name, f"\0fault {len(records.faults) + at}") for at, each in enumerate(sums))
        made = [each.values(schema, group).alias(each.name) for each in self.columns]
        frame = group.bounded(records.frame).with_columns(made)
        frame = frame.with_columns(
            *(int64_sum(column(each.name)).alias(each.name) for each in sums),
            *(int64_sum_fault(column(each.name)).alias(fault.column) for each, fault in zip(sums, faults, strict=True)),
        )
        shown = [column(name) for name in (*self.schema().names, *(fault.column for fault in faults))]
        return Flow(frame.select(*shown, *records.hidden()), records.faults + faults)
