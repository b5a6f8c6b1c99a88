"""Three ways to walk through records whose values follow from those before them; all give the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from openyx.fields import Field
from openyx.relation.guesses import guessed
from openyx.relation.recurrence import Recurrence, State, back
from openyx.relation.types import native as native_type
from openyx.relation.types import series_of
from openyx.relation.verbs.window import Beyond, empty

_BLOCK = 8_192
# From so many records on a guess costs less than the walk that it may spare.
_MANY = 4_096
# So many records must be computed together, on average, for it to pay where steps ask for single values.
_TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through all records of a relation, which come as one frame.

    ``index`` counts the records, ``first`` and ``end`` are the bounds of a record's group; ``faults`` are the columns
    for what goes wrong. The columns of the parts are there.
    """

    recurrence: Recurrence
    field: Field
    beyond: Beyond
    index: pl.Expr
    first: pl.Expr
    end: pl.Expr
    faults: tuple[str, ...]
    check: Callable[[], None]

    def over(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the values, and with what went wrong in them."""
        if frame.is_empty():
            return frame
        if frame.height >= _MANY and self.recurrence.depth == 1:
            made = self.confirmed(frame)
            if made is not None:
                return made
        longest = frame.select((self.end - self.first).max()).item()
        together = self.recurrence.asks and longest * _TOGETHER <= frame.height
        return self.by_place(frame) if together else self.one_by_one(frame)

    def confirmed(self, frame: pl.DataFrame) -> pl.DataFrame | None:
        """A guess at all values, if the formula itself confirms it: each of them follows from the one before."""
        opens = frame.select(self.index == self.first).to_series()
        outside = self._outside(frame)
        guess = guessed(
            self.field.type, opens, outside, lambda before: series_of(self._whole(frame, [before]), self.field.name)
        )
        self.check()
        if guess is None:
            return None
        made = self._whole(frame, [guess.shift(1).zip_with(~opens, outside)])
        return frame.with_columns(made) if series_of(made, self.field.name).eq_missing(guess).all() else None

    def one_by_one(self, frame: pl.DataFrame) -> pl.DataFrame:
        """One record after another, each from the state that the one before left."""
        values, said = list[Any](), list[tuple[int, list[str]]]()
        state: State = [list[str](), *[None] * self.recurrence.depth]
        for start in range(0, frame.height, _BLOCK):
            self.check()
            self._steps(frame.slice(start, _BLOCK), state, values, said)
        made = pl.Series(self.field.name, values, dtype=native_type(self.field.type))
        return frame.with_columns(made, *self._told(said, frame.height))

    def _steps(self, frame: pl.DataFrame, state: State, values: list[Any], said: list[tuple[int, list[str]]]) -> None:
        step, depth, nearest = self.recurrence.step, self.recurrence.depth, self.beyond is Beyond.NEAREST
        place = depth + 1
        opens = frame.select(self.index == self.first).to_series().to_list()
        parts = [each for part in self.recurrence.parts for each in part.values(frame)]
        for opening, outside, *row in zip(opens, self._outside(frame).to_list(), *parts, strict=True):
            if opening:
                state[1:place] = [outside] * depth
            state[place:] = row
            value = step(state)
            values.append(value)
            if depth == 1:
                state[1] = value
            else:
                state[1:place] = [value] * depth if opening and nearest else [value, *state[1:depth]]
            if state[0]:
                said.append((len(values) - 1, state[0]))
                state[0] = list[str]()

    def _told(self, said: Sequence[tuple[int, list[str]]], height: int) -> Iterator[pl.Series]:
        for at, name in enumerate(self.faults):
            texts = pl.Series(name, [None], dtype=pl.String).new_from_index(0, height)
            found = [(record, errors[at]) for record, errors in said if at < len(errors)]
            yield texts.scatter([record for record, _ in found], [text for _, text in found]) if found else texts

    def by_place(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The first records of all groups at once, then the second ones, and so on."""
        place = self.index - self.first
        ordered = frame.sort(place, maintain_order=True)
        pieces: list[pl.DataFrame] = []
        before: list[pl.Series] = []
        start = 0
        for count in ordered.group_by(place, maintain_order=True).len().get_column("len"):
            self.check()
            batch = ordered.slice(start, count)
            before = before or [self._outside(batch)] * self.recurrence.depth
            pieces.append(self._whole(batch, before).with_columns(batch.select(self.index).to_series()))
            new = series_of(pieces[-1], self.field.name)
            before = [new] * len(before) if start == 0 and self.beyond is Beyond.NEAREST else [new, *before[:-1]]
            goes_on = batch.select(self.end - self.index > 1).to_series()
            before = [values.filter(goes_on) for values in before]
            start += count
        return frame.with_columns(pl.concat(pieces).sort(self.index).get_columns())

    def _whole(self, frame: pl.DataFrame, before: Sequence[pl.Series]) -> pl.DataFrame:
        """The values of many records at once, and what is wrong with them."""
        whole = self.recurrence.whole
        made = [whole.native.alias(self.field.name)]
        made += [fault.alias(name) for name, fault in zip(self.faults, whole.faults, strict=True)]
        known = frame.with_columns(values.alias(back(row)) for row, values in enumerate(before, start=1))
        return known.select(pl.col(back(1)), *made).drop(back(1))

    def _outside(self, frame: pl.DataFrame) -> pl.Series:
        """What stands for the values before a record, where it is the first of its group."""
        if self.beyond is Beyond.NEAREST:
            return series_of(frame, self.field.name)
        value = empty(self.field.type) if self.beyond is Beyond.EMPTY else None
        return pl.Series([value], dtype=native_type(self.field.type)).new_from_index(0, frame.height)
