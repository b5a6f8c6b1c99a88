"""Numbers into whole numbers, truth values and floats."""

from __future__ import annotations

import polars as pl

from openyx.fields import RANGES, Kind
from openyx.relation.casts.kernel import Cast
from openyx.relation.casts.text_to_number import LOST

_EXACT_IN_DOUBLE = 2**52
_EXACT_IN_FLOAT = 2**23


def ranged(value: pl.Expr, kind: Kind, *, shown: pl.Expr | None = None) -> Cast:
    """Whole numbers in the range of *kind*, null and an error outside; *shown* is the number in the message.

    The types smaller than Int32 are checked as Int32 first, which shows in the message.
    """
    low, high = RANGES[kind]
    text = value.cast(pl.String) if shown is None else shown
    said = text + f" does not fit in the type {kind}"
    if kind in (Kind.BYTE, Kind.INT16):
        wide = value.is_between(*RANGES[Kind.INT32])
        said = pl.when(wide.not_()).then(text + " does not fit in the type Int32").otherwise(said)
    fits = value.is_between(low, high)
    return Cast(pl.when(fits).then(value), (pl.when(fits.not_()).then(said),))


def rounded(value: pl.Expr, kind: Kind, shown: pl.Expr) -> Cast:
    """Doubles rounded half away from zero, in the range of *kind*."""
    whole = pl.when(value < 0).then((value - 0.5).ceil()).otherwise((value + 0.5).floor())
    if kind is not Kind.INT64:
        return ranged(whole, kind, shown=shown)
    # 2^63 is a double, the largest Int64 is not.
    fits = (whole >= float(RANGES[kind][0])) & (whole < 2.0**63)
    said = shown + f" does not fit in the type {kind}"
    return Cast(pl.when(fits).then(whole), (pl.when(fits.not_()).then(said),))


def to_float(value: pl.Expr, source: Kind, target: Kind) -> Cast:
    """Whole numbers as floats: the value is kept, one with more bits than the float has is an error besides."""
    exact = _EXACT_IN_FLOAT if target is Kind.FLOAT else _EXACT_IN_DOUBLE
    if RANGES[source][1] <= exact:
        return Cast(value)
    beyond = value.is_between(-exact, exact).not_()
    return Cast(value, (pl.when(beyond).then(value.cast(pl.String) + LOST),))
