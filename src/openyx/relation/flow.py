"""A relation on its way to being run: a lazy frame, and the hidden columns that tell what went wrong in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openyx.relation.types import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from openyx.relation.expr import Expr


HEIGHT = "\0height"
"""The hidden column of records without fields: the data engine counts no records where there is no column."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A hidden column that holds, per record, the text of a conversion error of ``field`` or null."""

    field: str
    column: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Records as a lazy frame; its hidden columns are listed in ``faults``, its ``fields`` where not all are there."""

    frame: pl.LazyFrame
    faults: tuple[Fault, ...] = ()
    fields: frozenset[str] | None = None

    def has(self, names: Iterable[str]) -> bool:
        """Whether all these fields are there."""
        return self.fields is None or self.fields.issuperset(names)

    def hide(self, exprs: Sequence[tuple[str, Expr]]) -> tuple[tuple[Fault, ...], list[pl.Expr]]:
        """Hidden columns for the faults of *exprs* (field and expression): their names and how to compute them."""
        found = [(field, fault) for field, expr in exprs for fault in expr.faults]
        start = len(self.faults)
        names = [Fault(field, f"\0fault {start + number}") for number, (field, _) in enumerate(found)]
        return tuple(names), [fault.alias(name.column) for name, (_, fault) in zip(names, found, strict=True)]

    def hidden(self) -> list[pl.Expr]:
        """The hidden columns, to be carried along by a projection."""
        return [column(fault.column) for fault in self.faults]

    def on(self, frame: pl.LazyFrame) -> Flow:
        """The same hidden columns on another frame."""
        return replace(self, frame=frame)
