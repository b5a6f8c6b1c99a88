"""Compute a field whose value for a record follows from its values for the records before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from openyx.fields import Field, Schema
from openyx.relation.flow import Fault, Flow
from openyx.relation.order import Order
from openyx.relation.recurrence import Recurrence, State, back
from openyx.relation.types import column
from openyx.relation.types import native as native_type
from openyx.relation.verbs.base import Lasting
from openyx.relation.verbs.window import Beyond, Group, empty

_BLOCK = 8_192
# So many records may be computed together, on average, for it to pay where steps ask for single values.
_TOGETHER = 16


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
        computed = frame.map_batches(_Walk(self, group, faults, check).over)
        shown = [column(name) for name in (*self.schema().names, *(fault.column for fault in faults))]
        return Flow(computed.select(*shown, *records.hidden()), records.faults + faults)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through all records of a relation, which come as one frame."""

    verb: Recur
    group: Group
    faults: tuple[Fault, ...]
    check: Callable[[], None]

    def over(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the values, and with what went wrong in them."""
        if frame.is_empty():
            return frame
        longest = frame.select((self.group.end - self.group.first).max()).item()
        together = self.verb.recurrence.asks and longest * _TOGETHER <= frame.height
        return self.by_place(frame) if together else self.one_by_one(frame)

    def one_by_one(self, frame: pl.DataFrame) -> pl.DataFrame:
        """One record after another, each from the state that the one before left."""
        values, said = list[Any](), list[tuple[int, list[str]]]()
        state: State = [list[str](), *[None] * self.verb.recurrence.depth]
        for start in range(0, frame.height, _BLOCK):
            self.check()
            self._step(frame.slice(start, _BLOCK), state, values, said)
        made = pl.Series(self.verb.field.name, values, dtype=native_type(self.verb.field.type))
        return frame.with_columns(made, *self._told(said, frame.height))

    def _step(self, frame: pl.DataFrame, state: State, values: list[Any], said: list[tuple[int, list[str]]]) -> None:
        step, depth = self.verb.recurrence.step, self.verb.recurrence.depth
        nearest = self.verb.beyond is Beyond.NEAREST
        place = depth + 1
        opens = frame.select(self.group.index == self.group.first).to_series().to_list()
        lists = [each for part in self.verb.recurrence.parts for each in part.values(frame)]
        for first, outside, *row in zip(opens, self._outside(frame).to_list(), *lists, strict=True):
            if first:
                state[1:place] = [outside] * depth
            state[place:] = row
            value = step(state)
            values.append(value)
            state[1:place] = [value] * depth if first and nearest else [value, *state[1:depth]]
            if state[0]:
                said.append((len(values) - 1, state[0]))
                state[0] = list[str]()

    def by_place(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The first records of all groups at once, then the second ones, and so on."""
        group, whole, name = self.group, self.verb.recurrence.whole, self.verb.field.name
        made = [whole.native.alias(name)]
        made += [fault.alias(at.column) for at, fault in zip(self.faults, whole.faults, strict=True)]
        place = group.index - group.first
        ordered = frame.sort(place, maintain_order=True)
        pieces: list[pl.DataFrame] = []
        before: list[pl.Series] = []
        start = 0
        for count in ordered.group_by(place, maintain_order=True).len().get_column("len"):
            self.check()
            batch = ordered.slice(start, count)
            before = before or [self._outside(batch)] * self.verb.recurrence.depth
            known = batch.with_columns(values.alias(back(row)) for row, values in enumerate(before, start=1))
            pieces.append(known.select(group.index, *made))
            new = pieces[-1].get_column(name)
            nearest = start == 0 and self.verb.beyond is Beyond.NEAREST
            before = [new] * len(before) if nearest else [new, *before[:-1]]
            goes_on = batch.select(group.end - group.index > 1).to_series()
            before = [values.filter(goes_on) for values in before]
            start += count
        return frame.with_columns(pl.concat(pieces).sort(group.index).get_columns()[1:])

    def _outside(self, frame: pl.DataFrame) -> pl.Series:
        """What stands for the values before a record, where it is the first of its group."""
        field = self.verb.field
        if self.verb.beyond is Beyond.NEAREST:
            return frame.get_column(field.name)
        value = empty(field.type) if self.verb.beyond is Beyond.EMPTY else None
        return pl.Series([value], dtype=native_type(field.type)).new_from_index(0, frame.height)

    def _told(self, said: Sequence[tuple[int, list[str]]], height: int) -> Iterator[pl.Series]:
        for at, fault in enumerate(self.faults):
            texts = pl.Series(fault.column, [None], dtype=pl.String).new_from_index(0, height)
            found = [(record, errors[at]) for record, errors in said if at < len(errors)]
            yield texts.scatter([record for record, _ in found], [text for _, text in found]) if found else texts
