"""Numbers in expressions: what counts as one, and arithmetic in 64 bits or doubles."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import product
from typing import Any, cast

import polars as pl

from openyx.fields import BOOL, DOUBLE, INT64, RANGES, Kind
from openyx.relation.expr import Expr, Operands, apart, literal, made, nothing, null

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
    result = number(first)
    for start in range(0, len(links), _BLOCK):
        block = [(sign, number(operand)) for sign, operand in links[start : start + _BLOCK]]
        if len(links) <= _BLOCK:
            return _linked(result, block)
        signs = [sign for sign, _ in block]

        def build(before: Expr, *operands: Expr, signs: list[str] = signs) -> Expr:
            return _linked(before, list(zip(signs, operands, strict=True)))

        result = apart(build, result, *(operand for _, operand in block), alone=True)
    return result


def _linked(first: Expr, links: Sequence[tuple[str, Expr]]) -> Expr:
    return reduce(lambda left, link: spilling(_operation(link[0]), left, link[1]), links, first)


def negative(expr: Expr) -> Expr:
    """``-x``."""
    return null(expr) if expr.void else calculated(literal(0), [("-", expr)])


def spilling(build: Callable[[*Operands], Expr], *operands: *Operands) -> Expr:
    """``build(*operands)``, where an operand may be an integer that became a double for some records.

    For those records the result is what *build* makes of the doubles.
    """
    return _spilling(build, cast("tuple[Expr, ...]", operands))


def _spilling(build: Callable[..., Expr], operands: Sequence[Expr]) -> Expr:
    if all(operand.spill is None for operand in operands):
        return apart(build, *operands)

    def both(*given: Expr) -> Expr:
        half = len(given) // 2
        exact: Expr = apart(build, *given[:half])
        rounded: Expr = apart(build, *given[half:])
        return _merged(exact, rounded, given[:half], given[half:])

    exact = [replace(operand, spill=None) for operand in operands]
    doubles = [replace(operand if operand.spill is None else double(operand), faults=()) for operand in operands]
    return apart(both, *[*exact, *doubles])


def _merged(exact: Expr, rounded: Expr, exacts: Sequence[Expr], doubles: Sequence[Expr]) -> Expr:
    """*exact*, but *rounded* where an operand has a double and no integer."""
    spilt = pl.any_horizontal(
        *(left.native.is_null() & right.native.is_not_null() for left, right in zip(exacts, doubles, strict=True))
    )
    faults = [pl.when(~spilt).then(fault) for fault in exact.faults]
    faults += [pl.when(spilt).then(fault) for fault in rounded.faults]
    if exact.type == INT64 and rounded.type == DOUBLE:
        spill = pl.when(spilt).then(rounded.native).otherwise(pl.lit(None) if exact.spill is None else exact.spill)
        return Expr(pl.when(~spilt).then(exact.native), INT64, tuple(faults), spill=spill)
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
