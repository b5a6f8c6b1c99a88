"""Numbers and text into FixedDecimal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import partial

import polars as pl

from openyx.fields import FieldType
from openyx.relation.casts import number_text
from openyx.relation.casts.kernel import Cast, computed, mapped, nothing, told, where
from openyx.relation.types import LARGEST_PRECISION, native

_FORM = r"^[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)$"
_EXACT = Context(prec=1100)
# A double scaled by a power of ten is off by less than this part of itself.
_SLACK = 2.0**-51
_LARGEST_SCALE = 15


def from_text(text: pl.Expr, to: FieldType, *, comma_decimal: bool = False) -> Cast:
    """Decimal text, and nothing else: rounded half up where it has more decimals than the type."""
    value = mapped(text, partial(_values, to=to, comma=comma_decimal), native(to))
    faults = partial(_faults, to=to, comma=comma_decimal)
    said = pl.map_batches([text, value], faults, return_dtype=pl.String(), is_elementwise=True)
    return Cast(value, (said,))


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


def _values(texts: pl.Series, to: FieldType, *, comma: bool) -> pl.Series:
    texts = texts.str.replace_many([".", ","], [",", "."]) if comma else texts
    well = computed(pl.col("x").str.contains(_FORM), texts)
    made = texts.cast(native(to), strict=False).set(well.not_().fill_null(value=False), None)
    long = computed(_decimals(".") > to.scale, texts)
    return _bounded(where(well & long, texts, partial(_cut, to=to), made), to)


def _decimals(point: str) -> pl.Expr:
    text = pl.col("x")
    return (text.str.len_bytes() - 1 - text.str.find(point, literal=True)).fill_null(0)


def _cut(texts: pl.Series, to: FieldType) -> pl.Series:
    """Half up in magnitude: the first decimal that is cut off decides."""
    text, step = pl.col("x"), pl.lit(Decimal(1).scaleb(-to.scale), dtype=native(to))
    cut = text.str.head(text.str.find(".", literal=True) + 1 + to.scale)
    # The engine reads no ".", as is left of ".5" without decimals.
    kept = cut.str.replace(r"^([+-]?)\.", "${1}0.").cast(native(to), strict=False)
    after = text.str.slice(text.str.find(".", literal=True) + 1 + to.scale, 1)
    away = pl.when(text.str.starts_with("-")).then(-step).otherwise(step)
    # At the very limit of the engine there is no room to add; such a value is too long for its field anyway.
    room = kept.abs() < pl.lit(Decimal(9).scaleb(LARGEST_PRECISION - to.scale - 1), dtype=native(to))
    return computed(pl.when(after < "5").then(kept).when(room).then(kept + away), texts).cast(native(to))


def _faults(given: Sequence[pl.Series], to: FieldType, *, comma: bool) -> pl.Series:
    texts, values = given
    text = pl.col("x")
    form = _FORM.replace(r"\.", ",") if comma else _FORM
    point = "," if comma else "."
    odd = (values.is_null() | computed(_decimals(point) > to.scale, texts)) & (texts != "")
    invalid = pl.format('"{}" is not a valid FixedDecimal. FixedDecimal values must be of the form: -nnn.nn', text)
    cut = pl.format('"{}" has too many digits after the decimal and was truncated.', text)
    long = pl.format('"{}" was too long to fit in this FixedDecimal', text)
    said = (
        pl.when(text.str.contains(form).not_()).then(invalid).when(pl.col("value").is_null()).then(long).otherwise(cut)
    )
    bad = pl.DataFrame({"x": texts, "value": values}).filter(odd)
    return nothing(texts).scatter(odd.fill_null(value=False).arg_true(), bad.select(said).to_series())


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
