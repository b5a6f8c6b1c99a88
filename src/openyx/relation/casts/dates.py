"""Text into dates and times, strictly, and numbers into dates as the formula language does."""

from __future__ import annotations

from functools import partial

import polars as pl

from openyx.fields import FieldType, Kind
from openyx.relation.casts import number_text
from openyx.relation.casts.kernel import Cast, computed, mapped, told_of
from openyx.relation.types import native

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_FIRST = pl.date(1400, 1, 1)
_DATE_SIZE, _TIME_SIZE, _STAMP_SIZE = 10, 8, 19
_DAYS_TO_EPOCH = 25_569
_LAST_DAY = 2_958_466
_DAY = 86_400
_MICROSECONDS = 1_000_000

_TEXT = pl.col("x")


def from_text(text: pl.Expr, to: FieldType) -> Cast:
    """Dates and times in ISO form only; what stands behind them is cut off.

    An empty text gives null without a word, as with CSV files: the library's own path is not certain.
    """
    made = mapped(text, partial(_parsed, to=to), native(to))
    return Cast(made, (told_of(text, made, pl.format(f'"{{}}" is not a valid {to.kind}', _TEXT)),))


def from_number(value: pl.Expr, to: FieldType) -> Cast:
    """Days since 1899-12-30, rounded to the second; the day is taken before that and never carries."""
    number = value.cast(pl.Float64)
    days = number.floor()
    seconds = ((number - days) * _DAY + 0.5).floor() % _DAY
    stamp = ((days - _DAYS_TO_EPOCH) * _DAY + seconds) * _MICROSECONDS
    valid = (number >= 0) & (number < _LAST_DAY)
    moment = pl.when(valid).then(stamp).cast(pl.Int64).cast(pl.Datetime("us"))
    shown = {Kind.DATE: moment.dt.date(), Kind.TIME: moment.dt.time()}.get(to.kind, moment)
    quoted = pl.format('"{}" is an invalid datetime - ', number_text.to_text(number))
    early = quoted + "Earliest date supported is Dec 30, 1899 (0)"
    late = quoted + "Latest date supported is Dec 31, 9999 (2958466)"
    return Cast(shown, (pl.when(number < 0).then(early).when(valid.not_()).then(late),))


def to_text(value: pl.Expr, source: FieldType) -> pl.Expr:
    """Dates and times in ISO form, with the fractional digits that the field's size has."""
    plain = {Kind.DATE: "%Y-%m-%d", Kind.TIME: "%H:%M:%S", Kind.DATETIME: "%Y-%m-%d %H:%M:%S"}[source.kind]
    if not _fraction(source):
        return value.dt.to_string(plain)
    return value.dt.to_string(plain + "%.6f").str.head(source.size)


def _fraction(type: FieldType) -> int:  # noqa: A002 - the field's own word
    """How many fractional digits of a second the field's size has room for."""
    return 0 if type.kind is Kind.DATE else max(0, type.size - (8 if type.kind is Kind.TIME else 19) - 1)


def _parsed(texts: pl.Series, to: FieldType) -> pl.Series:
    return computed({Kind.DATE: _date, Kind.TIME: _time, Kind.DATETIME: _stamp}[to.kind](to), texts)


def _date(_: FieldType) -> pl.Expr:
    text = _TEXT.str.head(_DATE_SIZE)
    date = text.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(text.str.contains(f"^{_DATE}$") & (date >= _FIRST)).then(date)


def _stamp(to: FieldType) -> pl.Expr:
    fraction = _fraction(to)
    short = _TEXT.str.len_chars() == _DATE_SIZE
    text = pl.when(short).then(_TEXT + " 00:00:00").otherwise(_TEXT).str.head(max(_STAMP_SIZE, to.size))
    form = "%Y-%m-%d %H:%M:%S" + ("%.f" if fraction else "")
    moment = text.str.to_datetime(form, strict=False, time_unit="us", time_zone=None)
    well = text.str.contains(rf"^{_DATE} {_TIME}{_behind_point(fraction)}$")
    return pl.when(well & (moment.dt.date() >= _FIRST)).then(moment)


def _time(to: FieldType) -> pl.Expr:
    date = _TEXT.str.head(_DATE_SIZE)
    dated = (
        (_TEXT.str.len_chars() == _STAMP_SIZE)
        & date.str.contains(f"^{_DATE}$")
        & (date.str.to_date("%Y-%m-%d", strict=False) >= _FIRST)
    )
    alone = _TEXT.str.head(max(_TIME_SIZE, to.size))
    text = pl.when(dated.fill_null(value=False)).then(_TEXT.str.slice(_DATE_SIZE + 1)).otherwise(alone)
    well = text.str.contains(f"^{_TIME}{_behind_point(_fraction(to))}$")
    return pl.when(well).then(text.str.to_time("%H:%M:%S%.f", strict=False))


def _behind_point(fraction: int) -> str:
    return rf"(?:\.[0-9]{{1,{fraction}}})?" if fraction else ""
