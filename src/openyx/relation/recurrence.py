"""A formula whose value for a record follows from its values for the records before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from openyx.relation.expr import Expr

State = list[Any]
Get = Callable[[State], Any]
"""What gives a value of the record that a state is about. ``state[0]`` is a list to which the texts of conversion
errors are added; then come the values of the records before, the nearest first; then the parts."""


def back(row: int) -> str:
    """The column that holds the value *row* records before."""
    return f"\0back {row}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the formula that no earlier value changes: it is computed for all records at once.

    It takes up ``width`` places of a state from ``place`` on: its value, then a text for each error that it may have.
    """

    expr: Expr
    place: int

    @property
    def width(self) -> int:
        """How many places of a state it takes."""
        return 1 + len(self.expr.faults)

    def columns(self) -> list[pl.Expr]:
        """What to compute for it."""
        columns = [self.expr.native.alias(self._name(0))]
        columns += [fault.alias(self._name(at)) for at, fault in enumerate(self.expr.faults, start=1)]
        return columns if self.expr.spill is None else [*columns, self.expr.spill.alias(self._name(self.width))]

    def values(self, frame: pl.DataFrame) -> list[list[Any]]:
        """What goes into its places, for each record of a frame with its columns."""
        values, *faults = [frame.get_column(self._name(at)).to_list() for at in range(self.width)]
        if self.expr.spill is not None:
            large = frame.get_column(self._name(self.width)).to_list()
            values = [other if value is None else value for value, other in zip(values, large, strict=True)]
        return [values, *faults]

    def _name(self, at: int) -> str:
        return f"\0part {self.place} {at}"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a value follows from the ``depth`` ones before it.

    ``whole`` computes it for many records at once, each with its earlier values in the columns ``back(1)``, …;
    ``step`` computes it for one, and gives the very same. ``asks`` says that a step calls functions of whole columns
    for its one value, which takes long.
    """

    depth: int
    whole: Expr
    parts: tuple[Part, ...]
    step: Get
    asks: bool
