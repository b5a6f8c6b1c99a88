"""Doubles as text: 15 significant digits (a Float's 7), plain where that is short."""

from __future__ import annotations

import math
from functools import partial

import polars as pl

from openyx.relation.casts.kernel import computed, mapped, where

DOUBLE_DIGITS = 15
FLOAT_DIGITS = 7
FEW = 200
"""So many are shown sooner one by one than as a column."""

# The widest plain form, in digits with leading zeros; the same for both types.
_WIDEST = 15
_SMALLEST_NORMAL = 2.2250738585072014e-308
_ZEROS = "0" * _WIDEST


def to_text(value: pl.Expr, digits: int = DOUBLE_DIGITS) -> pl.Expr:
    """Doubles as the language shows them: rounded to *digits* significant digits of their exact value."""
    return mapped(value, partial(texts, digits=digits), pl.String())


def texts(values: pl.Series, digits: int = DOUBLE_DIGITS) -> pl.Series:
    """As :func:`to_text`, for a column.

    >>> texts(pl.Series([0.1 + 0.2, 1e15, 1 / 15])).to_list()
    ['0.3', '1.e+15', '6.66666666666667e-02']
    """
    values = values.cast(pl.Float64)
    if len(values) <= FEW:
        return _one_by_one(values, digits)
    shortest = values.cast(pl.String)
    plain = computed(pl.col("x").str.strip_suffix(".0"), shortest).set((values == 0).fill_null(value=False), "0")
    # The shortest text that reads back is the rounded one where it has no more digits, leading zeros counted.
    return where(computed(_is_short(digits), plain).not_(), values, partial(_long, digits=digits), plain)


def text(value: float, digits: int = DOUBLE_DIGITS) -> str:
    """As :func:`to_text`, for one number.

    >>> text(1e-05), text(123456789012345678.0)
    ('0.00001', '1.23456789012346e+17')
    """
    if not math.isfinite(value):
        return _not_finite(value)
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    figures, point = mantissa.lstrip("-").replace(".", "").rstrip("0"), int(exponent) + 1
    return ("-" if value < 0 else "") + _spelled(figures, point)


def _is_short(digits: int) -> pl.Expr:
    figures = pl.col("x").str.strip_prefix("-")
    room = figures.str.len_bytes() - figures.str.contains(".", literal=True).cast(pl.UInt32)
    return (room <= digits) & figures.str.contains(r"^[0-9.]*$")


def _long(values: pl.Series, digits: int) -> pl.Series:
    """From the shortest text, unless rounding that text could differ from rounding the value.

    The shortest text has the fewest digits that tell the double from its neighbours. With more than one digit too
    many, no half-way point lies between text and value: it would have been a shorter text. With just one, a 5, it may.
    """
    shortest = pl.DataFrame({"text": values.cast(pl.String)})
    point, figures, size = pl.col("point"), pl.col("figures"), pl.col("figures").str.len_bytes().cast(pl.Int32)
    read = _figures(shortest).with_columns(
        head=figures.str.head(digits).cast(pl.Int64, strict=False),
        after=figures.str.slice(digits, 1),
        over=size > digits,
        halfway=(size == digits + 1) & figures.str.ends_with("5"),
    )
    cut = (pl.col("head") + (pl.col("after") >= "5").cast(pl.Int64)).cast(pl.String)
    rounded = read.with_columns(
        figures=pl.when("over").then(cut.str.strip_chars_end("0")).otherwise(figures),
        point=point + (pl.col("over") & (cut.str.len_bytes() > digits)).cast(pl.Int32),
    )
    made = rounded.select(pl.col("sign") + _spelling()).to_series()
    unclear = rounded["halfway"] | values.is_finite().not_() | (values.abs() < _SMALLEST_NORMAL)
    return where(unclear, values, partial(_one_by_one, digits=digits), made)


def _figures(shortest: pl.DataFrame) -> pl.DataFrame:
    """Sign, significant figures, and where the point stands: 12.3 has ``123`` and 2, 0.012 has ``12`` and -1."""
    number, exponent = pl.col("number"), pl.col("exponent")
    joined, figures = pl.col("joined"), pl.col("joined").str.strip_chars_start("0")
    return (
        shortest.with_columns(parts=pl.col("text").str.strip_prefix("-").str.split_exact("e", 1))
        .with_columns(
            sign=pl.when(pl.col("text").str.starts_with("-")).then(pl.lit("-")).otherwise(pl.lit("")),
            number=pl.col("parts").struct.field("field_0").str.strip_suffix(".0"),
            exponent=pl.col("parts").struct.field("field_1").cast(pl.Int32, strict=False).fill_null(0),
        )
        .with_columns(
            joined=number.str.replace(".", "", literal=True),
            point=number.str.find(".", literal=True).fill_null(number.str.len_bytes()).cast(pl.Int32) + exponent,
        )
        .select(
            "sign",
            figures=figures.str.strip_chars_end("0"),
            point=pl.col("point") - (joined.str.len_bytes() - figures.str.len_bytes()).cast(pl.Int32),
        )
    )


def _spelling() -> pl.Expr:
    """Figures and point as text; see :func:`_spelled`."""
    figures, point = pl.col("figures"), pl.col("point")
    size, power = figures.str.len_bytes().cast(pl.Int32), point - 1
    zeros = pl.lit(_ZEROS)
    small = pl.lit("0.") + zeros.str.head(-point.clip(-_WIDEST, 0)) + figures
    whole = figures + zeros.str.head((point - size).clip(0, _WIDEST))
    mixed = figures.str.head(point.clip(0)) + "." + figures.str.slice(point.clip(0))
    general = (
        figures.str.head(1)
        + "."
        + figures.str.slice(1)
        + pl.when(power < 0).then(pl.lit("e-")).otherwise(pl.lit("e+"))
        + power.abs().cast(pl.String).str.zfill(2)
    )
    return (
        pl.when((point > _WIDEST) | ((point < 0) & (1 - point + size > _WIDEST)))
        .then(general)
        .when(point <= 0)
        .then(small)
        .when(size <= point)
        .then(whole)
        .otherwise(mixed)
    )


def _spelled(figures: str, point: int) -> str:
    """Plain where the point is near, and below 0.1 only where digits and zeros stay within the widest form."""
    if point > _WIDEST or (point < 0 and 1 - point + len(figures) > _WIDEST):
        return f"{figures[0]}.{figures[1:]}e{point - 1:+03d}"
    if point <= 0:
        return "0." + "0" * -point + figures
    whole = figures[:point].ljust(point, "0")
    return f"{whole}.{figures[point:]}" if len(figures) > point else whole


def _one_by_one(values: pl.Series, digits: int) -> pl.Series:
    return pl.Series([None if value is None else text(value, digits) for value in values.to_list()], dtype=pl.String())


def _not_finite(value: float) -> str:
    """What the product shows for a value that is no number is not known."""
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
