"""Functions of real numbers: angles, powers, distances; null where they have no value."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl

from openyx.fields import DOUBLE
from openyx.relation.expr import Expr, made

_MILES = 3958.76

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
    """The distance on a sphere of 3,958.76 miles (we assume the sphere); 0 for a null."""
    lat, lon = latitude.native.radians(), longitude.native.radians()
    other_lat, other_lon = other_latitude.native.radians(), other_longitude.native.radians()
    half = ((other_lat - lat) / 2).sin() ** 2 + lat.cos() * other_lat.cos() * ((other_lon - lon) / 2).sin() ** 2
    distance = 2 * _MILES * half.sqrt().clip(0, 1).arcsin()
    return made(distance.fill_null(0.0), DOUBLE, latitude, longitude, other_latitude, other_longitude)
