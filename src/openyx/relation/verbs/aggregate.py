"""Group records and summarise each group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from openyx.fields import INT64, Field, Kind, Schema
from openyx.relation.flow import HEIGHT, Fault, Flow
from openyx.relation.folding import FOLDED, Folder
from openyx.relation.order import AS_IT_ARRIVED, Key, Order
from openyx.relation.ranking import ranked
from openyx.relation.summaries import How, Summary, adds_doubles, brought, computed, finished, result, taken
from openyx.relation.summing import int64_sum, int64_sum_fault
from openyx.relation.types import column
from openyx.relation.verbs.base import Folding, OneInput

_COUNT = "\0count"


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate(OneInput, Folding):
    """One record per group, sorted by the groups in the order in which they are listed, nulls first.

    ``as_arrived``: in the order of their first records instead.
    """

    summaries: tuple[Summary, ...]
    as_arrived: bool = False

    def schema(self) -> Schema:
        return Schema(tuple(self._field(summary) for summary in self.summaries))

    def order(self) -> Order:
        if self.as_arrived:
            return AS_IT_ARRIVED
        return Order(tuple(Key(summary.name) for summary in self.summaries if summary.how is How.GROUP))

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:  # noqa: ARG002 - a sum may not fit
        return (self._needed,)

    @property
    def _needed(self) -> frozenset[str]:
        """Records are counted whatever is in their fields, but some column has to be there."""
        valued = (summary for summary in self.summaries if summary.how is not How.COUNT)
        fields = frozenset(self._origin(summary).name for summary in valued)
        return fields or frozenset(self.source.schema.names[:1])

    @property
    def folds(self) -> bool:
        """Doubles are added in order of arrival: the data engine would keep them all until the last has come."""
        hows = {summary.how for summary in self.summaries}
        adds = any(adds_doubles(summary.how, self._origin(summary).type) for summary in self.summaries)
        return adds and How.GROUP in hows and hows <= FOLDED

    def feed(self, records: Flow) -> pl.LazyFrame:
        values = [
            taken(summary, self._origin(summary)).alias(name)
            for name, summary in self._named
            if summary.how is not How.COUNT
        ]
        return records.frame.select(*values, column(min(self._needed, default=HEIGHT)).alias(_COUNT))

    def folder(self, check: Callable[[], None]) -> Folder:
        summed = [(name, summary, self._origin(summary)) for name, summary in self._summed]
        return Folder(self._groups, summed, lambda frame: self._finished(self._in_order(frame)), check)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        frame = self.feed(records)
        return self._finished(self._grouped(frame) if self._groups else self._at_once(frame))

    @property
    def _named(self) -> list[tuple[str, Summary]]:
        return [(f"\0{place}", summary) for place, summary in enumerate(self.summaries)]

    @property
    def _groups(self) -> list[str]:
        return [name for name, summary in self._named if summary.how is How.GROUP]

    @property
    def _summed(self) -> list[tuple[str, Summary]]:
        return [(name, summary) for name, summary in self._named if summary.how is not How.GROUP]

    def _grouped(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Records of a group keep their order; groups come in that of their first record, or in none to be sorted."""
        origins = {name: self._origin(summary).named(name) for name, summary in self._summed}
        made = frame.group_by([column(name) for name in self._groups], maintain_order=self.as_arrived).agg(
            brought(summary, origins[name]).alias(name) for name, summary in self._summed
        )
        shown = [finished(summary, origins[name]).alias(name) for name, summary in self._summed]
        return self._in_order(made.with_columns(shown))

    def _in_order(self, made: pl.LazyFrame) -> pl.LazyFrame:
        if self.as_arrived:
            return made
        groups = self._groups
        keys = [self._origin(summary) for summary in self.summaries if summary.how is How.GROUP]
        order = [ranked(key.named(name)) for key, name in zip(keys, groups, strict=True)]
        return made.sort(order, nulls_last=False, maintain_order=True)

    def _at_once(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        made = [computed(summary, self._origin(summary).named(name)).alias(name) for name, summary in self._summed]
        return frame.select(*made, pl.len().alias(_COUNT)).filter(pl.col(_COUNT) > 0)

    def _finished(self, frame: pl.LazyFrame) -> Flow:
        named = self._named
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
