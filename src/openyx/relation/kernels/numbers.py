"""Numbers in expressions: what counts as one, and arithmetic in 64 bits or doubles."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, reduce
from itertools import product
from typing import Any, cast

import polars as pl

from openyx.fields import BOOL, DOUBLE, INT64, RANGES, Kind
from openyx.relation.casts.kernel import even
from openyx.relation.expr import Expr, Operands, apart, literal, made, nothing, null
from openyx.relation.types import native as native_type

_LEAST, _GREATEST = RANGES[Kind.INT64]
_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_BLOCK = 50


def number(expr: Expr) -> Expr:
    """*expr* as arithmetic takes it: Int64 for Bool, all integer types and literals (we assume), Double for others."""
    if expr.void:
        return nothing(expr, INT64)
    if expr.type == INT64 or expr.type == DOUBLE:
        return expr
    if expr.type == BOOL:
        return replace(expr.cast(INT64), bounds=(0, 1))
    if expr.type.kind is Kind.FIXED_DECIMAL:
        # The engine's own cast divides, which rounds a second time.
        return replace(expr, native=expr.native.cast(pl.String).cast(pl.Float64), type=DOUBLE)
    return expr.cast(INT64 if expr.type.is_integer else DOUBLE)


def double(expr: Expr) -> Expr:
    """*expr* as a Double."""
    counted = number(expr)
    if counted.spill is None:
        return replace(counted.cast(DOUBLE), bounds=None)
    native = pl.coalesce(counted.spill, counted.native.cast(pl.Float64))
    return replace(counted, native=native, type=DOUBLE, spill=None, bounds=None, leaf=False)


def whole(expr: Expr) -> Expr:
    """*expr* as an Int64, cut toward zero; null where 64 bits do not hold it."""
    counted = number(expr)
    if counted.type == INT64:
        return replace(counted, spill=None)
    return replace(counted, native=counted.native.cast(pl.Int64, strict=False), type=INT64)


def calculated(first: Expr, links: Sequence[tuple[str, Expr]]) -> Expr:
    """``first + a - b …`` or ``first * a / b …``, left to right.

    Additions and products of integers are done in 64 bits where the result fits, else in doubles; a quotient is always
    a double, and null where the divisor is 0. Null with anything is null.
    """
    if first.void and all(operand.void for _, operand in links):
        return null(first, *(operand for _, operand in links))
    operands = [(sign, number(operand)) for sign, operand in links]
    return (_linked if len(links) <= _BLOCK else _one_by_one)(number(first), operands)


def _linked(first: Expr, links: Sequence[tuple[str, Expr]]) -> Expr:
    return reduce(lambda left, link: _spilling(_operation(link[0]), (left, link[1]), strict=True), links, first)


def _one_by_one(first: Expr, links: Sequence[tuple[str, Expr]]) -> Expr:
    """Like ``_linked``, computed link after link: the engine's time grows with the square of what it sees at once."""
    given: list[pl.Expr] = []
    start, state = _stand_in(first, "value", "spill", given)
    steps: list[tuple[list[str], list[pl.Expr]]] = []
    for sign, operand in links:
        names, other = _stand_in(operand, "other", "other spill", given)
        result = _linked(state, [(sign, other)])
        spill = pl.lit(None, dtype=pl.Float64) if result.spill is None else result.spill
        steps.append((names, [result.native.alias("value"), spill.alias("spill")]))
        spilt = None if result.spill is None else pl.col("spill")
        state = replace(result, native=pl.col("value"), spill=spilt, leaf=True)

    def run(series: Sequence[pl.Series], wanted: str) -> pl.Series:
        columns = iter(even(series))
        frame = pl.DataFrame([next(columns).alias(name) for name in start])
        for names, made_of in steps:
            frame = frame.with_columns([next(columns).alias(name) for name in names]).select(made_of)
        return frame.get_column(wanted)

    def computed(wanted: str, dtype: pl.DataType) -> pl.Expr:
        return pl.map_batches(given, partial(run, wanted=wanted), return_dtype=dtype, is_elementwise=True)

    value = made(computed("value", native_type(state.type)), state.type, first, *(operand for _, operand in links))
    return replace(value, bounds=state.bounds, spill=None if state.spill is None else computed("spill", pl.Float64()))


def _stand_in(operand: Expr, name: str, spill: str, given: list[pl.Expr]) -> tuple[list[str], Expr]:
    """What stands for an operand, and the columns for what is added to *given* of it."""
    parts = {name: operand.native} | ({} if operand.spill is None else {spill: operand.spill})
    given.extend(parts.values())
    spilt = None if operand.spill is None else pl.col(spill)
    return list(parts), replace(operand, native=pl.col(name), spill=spilt, faults=(), leaf=True, constant=False)


def negative(expr: Expr) -> Expr:
    """``-x``."""
    return null(expr) if expr.void else calculated(literal(0), [("-", expr)])


def spilling(build: Callable[[*Operands], Expr], *operands: *Operands) -> Expr:
    """``build(*operands)``, where an operand may be an integer that became a double for some records.

    For those records the result is what *build* makes of the doubles.
    """
    return _spilling(build, cast("tuple[Expr, ...]", operands))


def _spilling(build: Callable[..., Expr], operands: Sequence[Expr], *, strict: bool = False) -> Expr:
    """As ``spilling``. What is *strict* gives null for null: its integers need no look at what became a double.

    Where they do, what a value is made of doubles with each level of nesting.
    """
    if all(operand.spill is None for operand in operands):
        return apart(build, *operands)

    def both(*given: Expr) -> Expr:
        half = len(given) // 2
        exact: Expr = apart(build, *given[:half])
        rounded: Expr = apart(build, *given[half:])
        return _merged(exact, rounded, given[:half], given[half:], strict=strict)

    exact = [replace(operand, spill=None) for operand in operands]
    doubles = [replace(operand if operand.spill is None else double(operand), faults=()) for operand in operands]
    return apart(both, *[*exact, *doubles])


def _merged(exact: Expr, rounded: Expr, exacts: Sequence[Expr], doubles: Sequence[Expr], *, strict: bool) -> Expr:
    """*exact*, but *rounded* where an operand has a double and no integer."""
    spilt = pl.any_horizontal(
        *(left.native.is_null() & right.native.is_not_null() for left, right in zip(exacts, doubles, strict=True))
    )
    faults = [pl.when(~spilt).then(fault) for fault in exact.faults]
    faults += [pl.when(spilt).then(fault) for fault in rounded.faults]
    if exact.type == INT64 and rounded.type == DOUBLE:
        spill = pl.when(spilt).then(rounded.native).otherwise(pl.lit(None) if exact.spill is None else exact.spill)
        native = exact.native if strict else pl.when(~spilt).then(exact.native)
        return Expr(native, INT64, tuple(faults), spill=spill)
    native = pl.when(spilt).then(rounded.native).otherwise(exact.native)
    return Expr(native, rounded.type, tuple(faults))


def _operation(sign: str) -> Callable[[Expr, Expr], Expr]:
    return _quotient if sign == "/" else lambda left, right: _result(sign, left, right)


def _result(sign: str, left: Expr, right: Expr) -> Expr:
    operation = _OPERATIONS[sign]
    if left.type != INT64 or right.type != INT64:
        return made(operation(double(left).native, double(right).native), DOUBLE, left, right)
    value = made(operation(left.native, right.native), INT64, left, right)
    bounds = _bounds(operation, left, right)
    if bounds is not None:
        return replace(value, bounds=bounds)
    # Polars wraps: the wrapped result is away from the double by 2^64, a right one by no more than some thousands.
    near = operation(left.native.cast(pl.Float64), right.native.cast(pl.Float64))
    fits = (value.native.cast(pl.Float64) - near).abs() < 2.0**62
    return replace(value, native=pl.when(fits).then(value.native), spill=pl.when(~fits).then(near))


def _bounds(operation: Callable[[int, int], int], left: Expr, right: Expr) -> tuple[int, int] | None:
    """The least and the greatest result; nothing when 64 bits might not hold it."""
    if left.bounds is None or right.bounds is None:
        return None
    ends = [operation(one, other) for one, other in product(left.bounds, right.bounds)]
    return (min(ends), max(ends)) if min(ends) >= _LEAST and max(ends) <= _GREATEST else None


def _quotient(left: Expr, right: Expr) -> Expr:
    """Null and not a word where the divisor is 0 (we assume)."""
    above, below = double(left).native, double(right).native
    if right.constant:
        divisor = double(right).value()
        return made(divided(above, below), DOUBLE, left, right) if divisor else literal(None, DOUBLE)
    return made(pl.when(below != 0).then(divided(above, below)), DOUBLE, left, right)


def divided(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """The quotient of two doubles, correctly rounded.

    Where the divisor is one value for a whole batch the engine multiplies with its reciprocal, which rounds twice; the
    sum makes a column of that value.
    """
    return above / (below + above.is_nan().cast(pl.Float64) * 0.0)
