"""Group records and summarise each group."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from openyx.fields import DOUBLE, INT64, V_STRING, V_WSTRING, Family, Field, FieldType, Kind, Schema
from openyx.relation.convert import convert
from openyx.relation.expr import Expr
from openyx.relation.flow import Fault, Flow
from openyx.relation.order import Key, Order
from openyx.relation.ranking import ranked
from openyx.relation.summing import average, int64_sum, int64_sum_fault, total
from openyx.relation.types import LARGEST_PRECISION, column
from openyx.relation.verbs.base import OneInput

_COUNT = "\0count"


class How(StrEnum):
    """What becomes of the values of a group."""

    GROUP = "group"
    SUM = "sum"
    COUNT = "count"
    MIN = "min"
    MAX = "max"
    AVG = "avg"
    CONCAT = "concat"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One field of a summary: ``name``, made from ``field`` as ``how`` says.

    Nulls are skipped, except by ``GROUP`` (null is a group), ``COUNT`` (counts records), ``FIRST`` and ``LAST``.
    ``COUNT`` needs no field. ``separator``, ``start`` and ``end`` belong to ``CONCAT``.
    """

    name: str
    how: How
    field: str = ""
    separator: str = ","
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate(OneInput):
    """One record per group, sorted by the groups in the order in which they are listed, nulls first."""

    summaries: tuple[Summary, ...]

    def schema(self) -> Schema:
        return Schema(tuple(self._field(summary) for summary in self.summaries))

    def order(self) -> Order:
        return Order(tuple(Key(summary.name) for summary in self.summaries if summary.how is How.GROUP))

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        named = [(f"\0{place}", summary) for place, summary in enumerate(self.summaries)]
        taken = [self._input(summary).alias(name) for name, summary in named if summary.how is not How.COUNT]
        # Some column has to be there for records to be counted.
        some = column(self.source.schema.names[0]).alias(_COUNT)
        frame = records.frame.select(*taken, some)
        groups = [(name, summary) for name, summary in named if summary.how is How.GROUP]
        wanted = [self._summary(name, summary).alias(name) for name, summary in named if summary.how is not How.GROUP]
        if groups:
            keys = [column(name) for name, _ in groups]
            order = [ranked(self._origin(summary).named(name)) for name, summary in groups]
            frame = (
                frame.group_by(keys, maintain_order=True).agg(wanted).sort(order, nulls_last=False, maintain_order=True)
            )
        else:
            frame = frame.select(*wanted, pl.len().alias(_COUNT)).filter(pl.col(_COUNT) > 0)
        return self._finished(frame, named)

    def _finished(self, frame: pl.LazyFrame, named: list[tuple[str, Summary]]) -> Flow:
        sums = [(name, summary) for name, summary in named if self._is_integer_sum(summary)]
        faults = tuple(Fault(summary.name, f"\0fault {place}") for place, (_, summary) in enumerate(sums))
        looks = [
            int64_sum_fault(column(name)).alias(fault.column) for (name, _), fault in zip(sums, faults, strict=True)
        ]
        shown = [
            (int64_sum(column(name)) if self._is_integer_sum(summary) else column(name)).alias(summary.name)
            for name, summary in named
        ]
        return Flow(frame.select(*shown, *looks), faults)

    def _origin(self, summary: Summary) -> Field:
        if summary.how is How.COUNT and not summary.field:
            return Field(summary.name, INT64)
        return self.source.schema[summary.field]

    def _is_integer_sum(self, summary: Summary) -> bool:
        type_ = self._origin(summary).type
        return summary.how is How.SUM and (type_.is_integer or type_.kind is Kind.BOOL)

    def _field(self, summary: Summary) -> Field:
        origin = self._origin(summary)
        return Field(summary.name, _result(summary.how, origin), origin.source, origin.description)

    def _input(self, summary: Summary) -> pl.Expr:
        origin = self._origin(summary)
        values = Expr(column(origin.name), origin.type)
        if summary.how is How.CONCAT and not origin.type.is_text:
            return convert(values, V_STRING).native
        return values.native

    def _summary(self, name: str, summary: Summary) -> pl.Expr:
        values, origin = column(name), self._origin(summary).named(name)
        match summary.how:
            case How.SUM:
                return total(values, origin.type)
            case How.AVG:
                return average(values, origin.type)
            case How.COUNT:
                return pl.len().cast(pl.Int64)
            case How.MIN:
                return values.min_by(ranked(origin)) if origin.type.is_wide else values.min()
            case How.MAX:
                return values.max_by(ranked(origin)) if origin.type.is_wide else values.max()
            case How.CONCAT:
                return _joined(values, summary)
            case How.LAST:
                return values.last()
            case _:
                return values.first()


def _joined(values: pl.Expr, summary: Summary) -> pl.Expr:
    """A group of nulls only gives null: what the product gives then is not known."""
    joined = values.drop_nulls().str.join(summary.separator)
    whole = pl.lit(summary.start) + joined + pl.lit(summary.end)
    return pl.when(values.count() > 0).then(whole)


def _result(how: How, origin: Field) -> FieldType:
    type_ = origin.type
    if how is How.COUNT:
        return INT64
    if how in (How.SUM, How.AVG) and not type_.is_number:
        raise TypeError(f"field {origin.name!r} is a {type_}: it cannot be summed")
    if how in (How.MIN, How.MAX, How.CONCAT, How.GROUP) and type_.family in (Family.BLOB, Family.SPATIAL):
        raise TypeError(f"field {origin.name!r} is a {type_}: it has no order and no text")
    if how is How.AVG:
        return DOUBLE
    if how is How.SUM:
        return _sum_type(type_)
    if how is How.CONCAT:
        return V_WSTRING if type_.is_wide else V_STRING
    return type_


def _sum_type(type_: FieldType) -> FieldType:
    """A FixedDecimal widens to the 38 digits that the engine has: how far the product widens it is not known."""
    if type_.kind is Kind.FIXED_DECIMAL:
        return FieldType(type_.kind, LARGEST_PRECISION + (1 if type_.scale else 0), type_.scale)
    return INT64 if type_.is_integer or type_.kind is Kind.BOOL else DOUBLE
