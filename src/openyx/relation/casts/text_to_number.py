"""Text read as a number, as far as it goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import polars as pl

from openyx.fields import RANGES, Kind
from openyx.relation.casts.kernel import Cast, computed, even, mapped, nothing, told, where

COMMA = " stopped converting at a comma. It might be invalid."
LOST = " lost information in translation"

_TEXT = pl.col("x")
_DIGITS = r"^[ \t\n\v\f\r]*([+-]?[0-9]+)"
_HEX = r"^0[xX]([0-9a-fA-F]+)"
_HEX_SIGN = r"^0[xX]"
# 64 bits are 16 hexadecimal digits; a seventeenth that counts means that the number does not fit.
_MOST_HEX_DIGITS = 17


def to_integer(text: pl.Expr, kind: Kind) -> Cast:
    """Leading white space, sign and digits (or ``0x`` and hexadecimal ones) as a whole number; the rest is an error."""
    wide = kind if kind is Kind.INT64 else Kind.INT32
    read = mapped(text, partial(_integers, kind=wide), pl.Int64())
    lost = told(text, partial(_integer_faults, kind=wide))
    if kind is wide:
        return Cast(read, (lost,))
    fits = read.is_between(*RANGES[kind])
    beyond = pl.when(fits.not_()).then(read.cast(pl.String) + f" does not fit in the type {kind}")
    return Cast(pl.when(fits).then(read), (lost, beyond))


def to_float(text: pl.Expr, *, comma_decimal: bool) -> Cast:
    """The number that *text* begins with, as a double."""
    reader = _Floats(comma_decimal=comma_decimal)
    given = [text, reader.clean(text)]
    values = pl.map_batches(given, reader.values, return_dtype=pl.Float64(), is_elementwise=True)
    faults = pl.map_batches(given, reader.faults, return_dtype=pl.String(), is_elementwise=True)
    return Cast(values, (faults,))


def _integers(texts: pl.Series, kind: Kind) -> pl.Series:
    values = texts.cast(pl.Int64, strict=False)
    odd = values.is_null() & texts.is_not_null()
    values = where(odd, texts, _odd_integers, values)
    return values.set(values.is_between(*RANGES[kind]).not_().fill_null(value=False), None)


def _odd_integers(texts: pl.Series) -> pl.Series:
    return computed(_wide(_TEXT).cast(pl.Int64, strict=False), texts)


def _wide(text: pl.Expr) -> pl.Expr:
    """The number as Int128: what does not fit there is null."""
    hexadecimal = text.str.extract(_HEX).str.strip_chars_start("0").str.head(_MOST_HEX_DIGITS).str.zfill(1)
    return (
        pl.when(text.str.contains(_HEX_SIGN))
        .then(hexadecimal.str.to_integer(base=16, dtype=pl.Int128(), strict=False).fill_null(0))
        .otherwise(text.str.extract(_DIGITS).cast(pl.Int128, strict=False))
    )


def _integer_faults(texts: pl.Series, kind: Kind) -> pl.Series:
    values = texts.cast(pl.Int64, strict=False)
    odd = (values.is_between(*RANGES[kind]).not_() | values.is_null()) & (texts != "")
    return where(odd, texts, partial(_odd_integer_faults, kind=kind), nothing(texts))


def _odd_integer_faults(texts: pl.Series, kind: Kind) -> pl.Series:
    hexadecimal = _TEXT.str.contains(_HEX_SIGN)
    digits = pl.when(hexadecimal).then(pl.lit("0")).otherwise(_TEXT.str.extract(_DIGITS))
    fits = _wide(_TEXT).is_between(*RANGES[kind]).fill_null(value=False)
    rest = (
        pl.when(_TEXT.str.contains(_HEX))
        .then(_TEXT.str.replace(_HEX, ""))
        .when(hexadecimal)
        .then(_TEXT.str.tail(-1))
        .otherwise(_TEXT.str.replace(_DIGITS, ""))
    )
    article = "an" if kind in (Kind.INT32, Kind.INT64) else "a"
    said = (
        pl.when(digits.is_null())
        .then(_TEXT + " is not a number.")
        .when(fits.not_())
        .then(_TEXT + f" does not fit in {article} {kind}.")
        .otherwise(_rest_fault(_TEXT, rest))
    )
    return computed(said, texts)


def _rest_fault(text: pl.Expr, rest: pl.Expr) -> pl.Expr:
    return pl.when(rest.str.starts_with(",")).then(text + COMMA).when(rest != "").then(text + LOST)


class _Floats:
    """Reads doubles with one decimal separator."""

    def __init__(self, *, comma_decimal: bool) -> None:
        self._comma = comma_decimal
        point = "," if comma_decimal else r"\."
        number = rf"[+-]?(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)"
        self._pattern = rf"^[ \t\r\n]*({number}(?:[eEdD][+-]?[0-9]+)?)"

    def clean(self, text: pl.Expr) -> pl.Expr:
        """What is a number without more ado; the engine computes it once for value and fault."""
        if not self._comma:
            return text.cast(pl.Float64, strict=False)
        # With the comma as point, a "." ends the number; as "x" it does not read here either.
        return text.str.replace_many([".", ","], ["x", "."]).cast(pl.Float64, strict=False)

    def values(self, given: Sequence[pl.Series]) -> pl.Series:
        texts, values = even(given)
        return values if _all_clean(texts, values) else where(_odd(texts, values), texts, self._odd, values)

    def faults(self, given: Sequence[pl.Series]) -> pl.Series:
        texts, values = even(given)
        if _all_clean(texts, values):
            return nothing(texts)
        return where(_odd(texts, values), texts, self._odd_faults, nothing(texts))

    def _number(self) -> pl.Expr:
        found = _TEXT.str.extract(self._pattern).str.replace("[dD]", "e")
        return found.str.replace(",", ".", literal=True) if self._comma else found

    def _odd(self, texts: pl.Series) -> pl.Series:
        return computed(self._number().cast(pl.Float64, strict=False), texts)

    def _odd_faults(self, texts: pl.Series) -> pl.Series:
        rest = _TEXT.str.replace(self._pattern, "")
        said = (
            pl.when(_TEXT.str.contains(self._pattern).not_())
            .then(_TEXT + " is not a valid number.")
            .otherwise(_rest_fault(_TEXT, rest))
        )
        return computed(said, texts)


def _all_clean(texts: pl.Series, values: pl.Series) -> bool:
    return values.null_count() == texts.null_count() and bool(values.is_finite().all())


def _odd(texts: pl.Series, values: pl.Series) -> pl.Series:
    """The texts to be looked at closely: "inf" and "NaN" are no numbers here, 1e999 is."""
    return values.is_finite().not_().fill_null(value=True) & (texts != "")
