"""A function of columns, asked for one value after another: the slow way, for what plain Python does not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from openyx.relation.expr import Expr
from openyx.relation.kernels.single import Single
from openyx.relation.recurrence import State
from openyx.relation.types import native as native_type

_REMEMBERED = 100_000


class Asked:
    """``build(*operands)`` for one record: a getter that remembers what it was told.

    Constants are handed to *build* as such, of the others it gets columns: with their faults, so that *build* decides
    which of them count.
    """

    def __init__(self, build: Callable[..., Expr], operands: Sequence[Single]) -> None:
        self._varied = [one for one in operands if not one.expr.constant]
        self._names: list[tuple[str, pl.DataType]] = []
        made = build(*(one.expr if one.expr.constant else self._stand_in(one.expr) for one in operands))
        self._spills = made.spill is not None
        spill = [] if made.spill is None else [made.spill.alias("spill")]
        faults = [fault.alias(f"fault {at}") for at, fault in enumerate(made.faults)]
        self._columns = [made.native.alias("value"), *spill, *faults]
        self._known: dict[tuple[object, ...], tuple[Any, list[str]]] = {}

    def __call__(self, state: State) -> Any:
        """The value of the record that *state* is about."""
        told = state[0]
        given: list[Any] = []
        for one in self._varied:
            state[0] = faults = list[str]()
            given += self._given(one.expr, one.get(state))
            given += [*faults, *[None] * (len(one.expr.faults) - len(faults))]
        state[0] = told
        return self._told(given, told)

    def of(self, value: Any, told: list[str]) -> Any:
        """What it makes of the *value* of its only operand; errors are added to *told*."""
        (one,) = self._varied
        return self._told(self._given(one.expr, value), told)

    def _given(self, expr: Expr, value: Any) -> list[Any]:
        if expr.spill is None:
            return [value]
        return [None, value] if type(value) is float else [value, None]

    def _told(self, given: Sequence[Any], told: list[str]) -> Any:
        # Two zeros are equal, and are not the same.
        key = tuple(repr(value) if type(value) is float else value for value in given)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._answer(given)
        value, said = self._known[key]
        told += said
        return value

    def _answer(self, given: Sequence[Any]) -> tuple[Any, list[str]]:
        row = [pl.Series(name, [value], dtype) for (name, dtype), value in zip(self._names, given, strict=True)]
        answer = pl.DataFrame(row).select(self._columns).row(0)
        value, faults = answer[0], answer[1:]
        if self._spills:
            value, faults = faults[0] if value is None else value, faults[1:]
        return value, [fault for fault in faults if fault is not None]

    def _stand_in(self, expr: Expr) -> Expr:
        native = self._column(native_type(expr.type))
        spill = None if expr.spill is None else self._column(pl.Float64())
        faults = tuple(self._column(pl.String()) for _ in expr.faults)
        return replace(expr, native=native, spill=spill, faults=faults, leaf=True)

    def _column(self, dtype: pl.DataType) -> pl.Expr:
        name = f"given {len(self._names)}"
        self._names.append((name, dtype))
        return pl.col(name)
