"""Group records and summarise each group."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.fields import INT64, Field, Kind, Schema
from openyx.relation.flow import Fault, Flow
from openyx.relation.order import Key, Order
from openyx.relation.ranking import ranked
from openyx.relation.summaries import How, Summary, computed, result, taken
from openyx.relation.summing import int64_sum, int64_sum_fault
from openyx.relation.types import column
from openyx.relation.verbs.base import OneInput

_COUNT = "\0count"


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
        wanted = [(name, summary) for name, summary in named if summary.how is not How.COUNT]
        values = [taken(summary, self._origin(summary)).alias(name) for name, summary in wanted]
        # Some column has to be there for records to be counted.
        some = column(self.source.schema.names[0]).alias(_COUNT)
        frame = records.frame.select(*values, some)
        groups = [(name, summary) for name, summary in named if summary.how is How.GROUP]
        made = [
            computed(summary, self._origin(summary).named(name)).alias(name)
            for name, summary in named
            if summary.how is not How.GROUP
        ]
        if groups:
            keys = [column(name) for name, _ in groups]
            order = [ranked(self._origin(summary).named(name)) for name, summary in groups]
            frame = frame.group_by(keys, maintain_order=True).agg(made)
            frame = frame.sort(order, nulls_last=False, maintain_order=True)
        else:
            frame = frame.select(*made, pl.len().alias(_COUNT)).filter(pl.col(_COUNT) > 0)
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
        source = origin.source if summary.source is None else summary.source
        return Field(summary.name, result(summary.how, origin), source, origin.description)
