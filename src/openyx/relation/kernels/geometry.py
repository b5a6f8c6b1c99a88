"""Functions of real numbers: angles, powers, distances; null where they have no value."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl

from openyx.fields import DOUBLE
from openyx.relation.expr import Expr, made

_MILES_TO_EQUATOR = 6_378_137 / 1_609.344
_FLATTENING = 1 / 298.257223563

_FUNCTIONS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "acos": pl.Expr.arccos,
    "asin": pl.Expr.arcsin,
    "atan": pl.Expr.arctan,
    "cos": pl.Expr.cos,
    "cosh": pl.Expr.cosh,
    "exp": pl.Expr.exp,
    "sin": pl.Expr.sin,
    "sinh": pl.Expr.sinh,
    "sqrt": pl.Expr.sqrt,
    "tan": pl.Expr.tan,
    "tanh": pl.Expr.tanh,
    "degrees": pl.Expr.degrees,
    "radians": pl.Expr.radians,
}


def real(name: str, number: Expr) -> Expr:
    """A function of one number by its name, ``acos`` to ``tanh``."""
    return made(outside_is_null(_FUNCTIONS[name](number.native)), DOUBLE, number)


def outside_is_null(native: pl.Expr) -> pl.Expr:
    """Null where a function has no value (the root of a negative number, the arc of a cosine of 2; we assume)."""
    return native.fill_nan(None)


def logarithm(number: Expr, base: float = math.e) -> Expr:
    """The logarithm; null for what is not positive (we assume)."""
    positive = pl.when(number.native > 0).then(number.native)
    return made(positive.log10() if base == 10 else positive.log(), DOUBLE, number)


def power(number: Expr, exponent: Expr) -> Expr:
    """*number* to the *exponent*; null where there is no value."""
    base, top = number.native, exponent.native
    native = pl.when((base != 0) | (top >= 0)).then(base.pow(top))
    return made(outside_is_null(native), DOUBLE, number, exponent)


def angle(y: Expr, x: Expr) -> Expr:
    """The angle of the point (x, y), in radians."""
    return made(pl.arctan2(y.native, x.native), DOUBLE, y, x)


def miles(latitude: Expr, longitude: Expr, other_latitude: Expr, other_longitude: Expr) -> Expr:
    """The distance on the ellipsoid WGS 84, by Lambert's formula for long lines; 0 for a null.

    That is a few metres off over a continent, and up to 21 miles between points that are nearly opposite.
    """
    one, other = _reduced(latitude), _reduced(other_latitude)
    middle, apart = _squared_sine((one + other) / 2), _squared_sine((other - one) / 2)
    across = _squared_sine((other_longitude.native - longitude.native).radians() / 2)
    half = (apart + (1 - middle - apart) * across).clip(0, 1)
    arc = 2 * half.sqrt().arcsin()
    along = (arc - arc.sin()) * _share(middle * (1 - apart), 1 - half)
    upward = (arc + arc.sin()) * _share(apart * (1 - middle), half)
    distance = _MILES_TO_EQUATOR * (arc - _FLATTENING / 2 * (along + upward))
    return made(distance.fill_null(0.0), DOUBLE, latitude, longitude, other_latitude, other_longitude)


def _reduced(latitude: Expr) -> pl.Expr:
    """The latitude on the sphere around the ellipsoid, in radians."""
    return ((1 - _FLATTENING) * latitude.native.radians().tan()).arctan()


def _squared_sine(angle: pl.Expr) -> pl.Expr:
    return angle.sin() ** 2


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """The part of a whole, which is none of nothing: equal and opposite points."""
    return pl.when(whole > 0).then((part / whole).clip(0, 1)).otherwise(0.0)
