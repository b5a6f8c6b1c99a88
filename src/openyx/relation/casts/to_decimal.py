"""Numbers and text into FixedDecimal."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import partial

import polars as pl

from openyx.fields import FieldType
from openyx.relation.casts import number_text
from openyx.relation.casts.kernel import Cast, computed, each, mapped, nothing, told, where
from openyx.relation.types import LARGEST_PRECISION, native

_SWAPPED = str.maketrans(".,", ",.")
_FORM = r"^[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)$"
_EXACT = Context(prec=1100)
# A double scaled by a power of ten is off by less than this part of itself.
_SLACK = 2.0**-51
_LARGEST_SCALE = 15


def from_text(text: pl.Expr, to: FieldType, *, comma_decimal: bool = False) -> Cast:
    """Decimal text, and nothing else: rounded half up where it has more decimals than the type."""
    values = partial(_values, to=to, comma=comma_decimal)
    return Cast(mapped(text, values, native(to)), (told(text, partial(_faults, to=to, comma=comma_decimal)),))


def from_double(value: pl.Expr, to: FieldType) -> Cast:
    """Doubles rounded to the scale: their exact binary value decides."""
    return Cast(mapped(value, partial(_rounded, to=to), native(to)), (told(value, partial(_too_long, to=to)),))


def from_integer(value: pl.Expr, to: FieldType) -> Cast:
    """Whole numbers with zeros behind the point."""
    made = mapped(value, partial(_padded, to=to), native(to))
    lost = value.is_not_null() & made.is_null()
    return Cast(made, (pl.when(lost).then(_unfit(value.cast(pl.String), to)),))


def _limits(to: FieldType) -> tuple[Decimal, Decimal]:
    """The smallest and the largest value whose text has ``size`` characters, sign and point counted."""
    room = to.size - (1 if to.scale else 0)
    step = Decimal(1).scaleb(-to.scale)
    return -_largest(room - 1, to.scale, step), _largest(room, to.scale, step)


def _largest(figures: int, scale: int, step: Decimal) -> Decimal:
    whole = min(figures, LARGEST_PRECISION) - scale
    return _EXACT.subtract(Decimal(10) ** whole, step) if whole > 0 else Decimal(0)


def _bounded(values: pl.Series, to: FieldType) -> pl.Series:
    low, high = (pl.lit(limit, dtype=native(to)) for limit in _limits(to))
    return computed(pl.when(pl.col("x").is_between(low, high)).then(pl.col("x")), values)


def _pointed(texts: pl.Series, *, comma: bool) -> pl.Series:
    return texts.str.replace_many([".", ","], [",", "."]) if comma else texts


def _values(texts: pl.Series, to: FieldType, *, comma: bool) -> pl.Series:
    texts = _pointed(texts, comma=comma)
    well = computed(pl.col("x").str.contains(_FORM), texts)
    decimals = computed(_decimals(), texts)
    made = texts.cast(native(to), strict=False).set(well.not_().fill_null(value=False), None)
    return _bounded(where(well & (decimals > to.scale), texts, partial(_cut, to=to), made), to)


def _decimals() -> pl.Expr:
    text = pl.col("x")
    return (text.str.len_bytes() - 1 - text.str.find(".", literal=True)).fill_null(0)


def _cut(texts: pl.Series, to: FieldType) -> pl.Series:
    step = Decimal(1).scaleb(-to.scale)

    def rounded(text: str) -> Decimal | None:
        try:
            value = Decimal(text).quantize(step, ROUND_HALF_UP, _EXACT)
        except InvalidOperation:
            return None
        return value if abs(value.adjusted()) < LARGEST_PRECISION - to.scale else None

    return pl.Series([None if text is None else rounded(text) for text in texts.to_list()], dtype=native(to))


def _faults(texts: pl.Series, to: FieldType, *, comma: bool) -> pl.Series:
    long = computed(_decimals(), _pointed(texts, comma=comma)) > to.scale
    odd = (_values(texts, to, comma=comma).is_null() | long) & (texts != "")
    low, high = _limits(to)
    step = Decimal(1).scaleb(-to.scale)

    def fault(text: str) -> str:
        number = text.translate(_SWAPPED) if comma else text
        if not re.fullmatch(_FORM, number):
            return f'"{text}" is not a valid FixedDecimal. FixedDecimal values must be of the form: -nnn.nn'
        if not low <= Decimal(number).quantize(step, ROUND_HALF_UP, _EXACT) <= high:
            return f'"{text}" was too long to fit in this FixedDecimal'
        return f'"{text}" has too many digits after the decimal and was truncated.'

    return where(odd, texts, partial(each, function=fault), nothing(texts))


def _padded(values: pl.Series, to: FieldType) -> pl.Series:
    return _bounded(values.cast(native(to), strict=False), to)


def _rounded(values: pl.Series, to: FieldType) -> pl.Series:
    """Scaled and rounded as doubles where that is certain, one by one from the exact value elsewhere."""
    scaled = values * 10.0**to.scale
    near = (scaled - scaled.floor() - 0.5).abs() <= scaled.abs() * _SLACK
    certain = (scaled.abs() < 2.0**52) & near.not_() if to.scale <= _LARGEST_SCALE else values.is_null()
    whole = computed(pl.when(pl.lit(certain)).then((pl.col("x") + 0.5).floor()).cast(pl.Int64), scaled)
    unit = Decimal(1).scaleb(-to.scale)
    quick = computed(pl.col("x").cast(native(to)) * pl.lit(unit, dtype=native(to)), whole).cast(native(to))
    return _bounded(where(certain.not_(), values, partial(_exactly, to=to), quick), to)


def _exactly(values: pl.Series, to: FieldType) -> pl.Series:
    return pl.Series([_exact(value, to.scale) for value in values.to_list()], dtype=native(to))


def _exact(value: float | None, scale: int) -> Decimal | None:
    """C's ``%.nf`` in the default mode: a tie goes to the even digit."""
    if value is None or not abs(value) < 10.0 ** (LARGEST_PRECISION - scale):
        return None
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_EVEN, _EXACT)
    return rounded if abs(rounded) < Decimal(10) ** (LARGEST_PRECISION - scale) else None


def _too_long(values: pl.Series, to: FieldType) -> pl.Series:
    odd = values.is_not_null() & _rounded(values, to).is_null()

    def said(numbers: pl.Series) -> pl.Series:
        return computed(_unfit(pl.col("x"), to), number_text.texts(numbers))

    return where(odd, values, said, nothing(values))


def _unfit(text: pl.Expr, to: FieldType) -> pl.Expr:
    return pl.format(f'"{{}}" does not fit in Fixed Decimal {to.size}.{to.scale}', text)
