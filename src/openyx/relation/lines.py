"""Values that follow one another at even steps: a guess at how a loop goes on, to be checked by who makes it."""

from __future__ import annotations

import polars as pl

from openyx.fields import FieldType, Kind
from openyx.relation.types import native as native_type

_REAL = (Kind.DOUBLE, Kind.FLOAT)
_DAY = "%Y-%m-%d"


def steps(type: FieldType, values: pl.Series, others: pl.Series) -> pl.Series:  # noqa: A002 - the field's own word
    """How far it is from *values* to *others*, one by one; null where that cannot be said."""
    if type.kind in _REAL:
        # 0.1 added to 0.2 gives a little more than 0.3, and yet the step is 0.1.
        return (others.cast(pl.Float64) - values.cast(pl.Float64)).round_sig_figs(12)
    return _whole(type, others) - _whole(type, values)


def ahead(type: FieldType, values: pl.Series, step: pl.Series, count: int) -> pl.Series:  # noqa: A002 - as above
    """Each of *values* and, behind it, those that follow at even steps: *count* in all."""
    place = pl.int_range(values.len() * count, dtype=pl.Int64, eager=True)
    of, place = place // count, place % count
    known, far = values.gather(of), step.gather(of)
    if type.kind in _REAL:
        # A loop adds to what it has got, which is not the same as adding several steps at once.
        parts = far.set(place == 0, None).fill_null(known.cast(pl.Float64).set(place > 0, None))
        frame = pl.DataFrame({"of": of.set_sorted(), "part": parts})
        made = frame.select(pl.col("part").cum_sum().over("of")).to_series()
    else:
        made = _whole(type, known) + far * place
    return known.zip_with(place == 0, _back(type, made))


def _whole(type_: FieldType, values: pl.Series) -> pl.Series:
    """The values as whole numbers of the smallest step there is; the days that texts say, else null."""
    if type_.is_text:
        return values.str.to_date(_DAY, strict=False).cast(pl.Int32).cast(pl.Int64)
    if type_.kind is Kind.DATE:
        return values.cast(pl.Int32).cast(pl.Int64)
    if type_.is_integer or type_.is_date:
        return values.cast(pl.Int64)
    return pl.Series([None], dtype=pl.Int64).new_from_index(0, values.len())


def _back(type_: FieldType, values: pl.Series) -> pl.Series:
    if type_.is_text:
        return values.cast(pl.Int32, strict=False).cast(pl.Date).dt.strftime(_DAY)
    if type_.kind is Kind.DATE:
        return values.cast(pl.Int32, strict=False).cast(pl.Date)
    return values.cast(native_type(type_), strict=False)
