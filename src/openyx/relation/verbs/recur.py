"""Compute a field whose value for a record follows from its values for the records before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from openyx.fields import Field, Schema
from openyx.relation.flow import Fault, Flow
from openyx.relation.order import Order
from openyx.relation.recurrence import Recurrence
from openyx.relation.types import column
from openyx.relation.verbs.base import Lasting
from openyx.relation.verbs.window import Beyond, Group
from openyx.relation.walks import Walk


@dataclass(frozen=True, slots=True, eq=False)
class Recur(Lasting):
    """The records with new values of a field that is there, in ``groups`` by which they are sorted.

    A record sees the new values of those before it. ``beyond`` stands for the values of records that are not there;
    the nearest of a first record is itself, with the value that it had.
    """

    groups: tuple[str, ...]
    field: Field
    recurrence: Recurrence
    beyond: Beyond

    carries_faults = True

    def schema(self) -> Schema:
        return Schema(tuple(self.field if each.name == self.field.name else each for each in self.source.schema))

    def order(self) -> Order:
        return self.source.order.without(self.field.name)

    def lasting(self, check: Callable[[], None], *inputs: Flow) -> Flow:
        (records,) = inputs
        group = Group(tuple(column(self.source.schema[name].name) for name in self.groups))
        start = len(records.faults)
        faults = tuple(
            Fault(self.field.name, f"\0fault {start + at}") for at in range(len(self.recurrence.whole.faults))
        )
        parts = [each for part in self.recurrence.parts for each in part.columns()]
        nothing = [pl.lit(None, dtype=pl.String).alias(fault.column) for fault in faults]
        frame = group.bounded(records.frame).with_columns(*parts, *nothing)
        names = tuple(fault.column for fault in faults)
        walk = Walk(self.recurrence, self.field, self.beyond, group.index, group.first, group.end, names, check)
        computed = frame.map_batches(walk.over)
        shown = [column(name) for name in (*self.schema().names, *names)]
        return Flow(computed.select(*shown, *records.hidden()), records.faults + faults)
