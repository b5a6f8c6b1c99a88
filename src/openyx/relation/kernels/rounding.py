"""Rounding to multiples, whole numbers, remainders."""

from __future__ import annotations

import math
from dataclasses import replace

import polars as pl

from openyx.fields import DOUBLE, INT64
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels.numbers import divided, double


def rounded(number: Expr, multiple: Expr) -> Expr:
    """The nearest multiple, half away from zero; null where the multiple is 0.

    The quotient is ``x / multiple``, never ``x * 100``; a multiple that is one over a whole number divides the rounded
    quotient by that number, so that steps of 0.1 print clean (we assume).
    """
    value, step = double(number).native, double(multiple).native
    steps = pl.when(step != 0).then(divided(value, step))
    whole = _cut(steps + pl.when(steps < 0).then(-0.5).otherwise(0.5))
    return made(_times(whole, step), DOUBLE, number, multiple)


def _times(whole: pl.Expr, step: pl.Expr) -> pl.Expr:
    parts = (1 / step).round()
    is_part = (step.abs() < 1) & ((1 / step - parts).abs() < 1e-9 * parts.abs())
    return pl.when(is_part).then(divided(whole, parts)).otherwise(whole * step)


def _cut(value: pl.Expr) -> pl.Expr:
    return pl.when(value < 0).then(value.ceil()).otherwise(value.floor())


def raised(number: Expr, multiple: Expr | None) -> Expr:
    """The next whole number, or multiple, that is not less."""
    if multiple is None:
        return number if number.type == INT64 else made(number.native.ceil(), DOUBLE, number)
    value, step = double(number).native, double(multiple).native
    return made(_times(pl.when(step != 0).then(divided(value, step)).ceil(), step), DOUBLE, number, multiple)


def lowered(number: Expr, multiple: Expr | None) -> Expr:
    """The next whole number, or multiple, that is not greater."""
    if multiple is None:
        return number if number.type == INT64 else made(number.native.floor(), DOUBLE, number)
    value, step = double(number).native, double(multiple).native
    return made(_times(pl.when(step != 0).then(divided(value, step)).floor(), step), DOUBLE, number, multiple)


def remainder(number: Expr, divisor: Expr) -> Expr:
    """What is left of *number*, with its sign, both whole; null and a fault where the divisor is 0."""
    one, other = number.native, divisor.native
    left = one.abs() % pl.when(other != 0).then(other.abs())
    native = pl.when(one < 0).then(-left).otherwise(left)
    return made(native, INT64, number, divisor).failing(pl.when((other == 0) & one.is_not_null()).then(_BY_ZERO))


_BY_ZERO = pl.lit("Mod: divided by 0")

REAL = pl.Float64()


def absolute(number: Expr) -> Expr:
    """The number without its sign."""
    if number.type != INT64:
        return made(number.native.abs(), DOUBLE, number)
    least = -(2**63)
    if number.bounds is not None and number.bounds[0] > least:
        return replace(made(number.native.abs(), INT64, number), bounds=(0, max(map(abs, number.bounds))))
    native = pl.when(number.native != least).then(number.native.abs())
    return replace(made(native, INT64, number), spill=pl.when(number.native == least).then(2.0**63))


def smartly(number: Expr) -> Expr:
    """To a multiple that the magnitude chooses: of m times ten to the e, 0.025, 0.05 or 0.1 times ten to the e.

    The steps change at m = 2 and m = 5 (fitted on stored values; we assume the boundaries).
    """
    size = number.native.abs()
    power = pl.lit(10.0).pow(pl.when(size > 0).then(size.log10()).floor())
    lead = divided(size, power)
    step = power * pl.when(lead < 2).then(0.025).when(lead < 5).then(0.05).otherwise(0.1)
    nearest = rounded(number, made(step, DOUBLE)).native
    return made(pl.when(number.native == 0).then(0.0).otherwise(nearest), DOUBLE, number)


def factorial(number: Expr) -> Expr:
    """The product of the whole numbers up to *number*; null for a negative one and where a double cannot hold it."""
    known = [float(math.factorial(place)) for place in range(171)]
    place = number.native.cast(pl.Int64, strict=False)
    native = place.replace_strict(list(range(171)), known, default=None, return_dtype=pl.Float64())
    return made(native, DOUBLE, number)


def closely(one: Expr, other: Expr, distance: Expr) -> Expr:
    """Whether two numbers are no further apart than *distance*."""
    apart = (double(one).native - double(other).native).abs() <= double(distance).native
    return made(apart.fill_null(value=False), literal(value=True).type, one, other, distance)
