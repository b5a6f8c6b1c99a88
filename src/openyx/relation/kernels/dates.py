"""The parts of dates and times, and what the calendar says of them: quarters, weeks, working days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from openyx.fields import INT64, Kind
from openyx.relation.expr import Expr, made
from openyx.relation.kernels.date_reading import reading, refused, stamp, undated

_WEEK = 7


def year(moment: Expr) -> Expr:
    """The year; null and an error for a time."""
    return _date_part(moment, lambda value: value.dt.year())


def month(moment: Expr) -> Expr:
    """The month from 1 to 12; null and an error for a time."""
    return _date_part(moment, lambda value: value.dt.month())


def day_of_month(moment: Expr) -> Expr:
    """The day of the month; null and an error for a time."""
    return _date_part(moment, lambda value: value.dt.day())


def hour(moment: Expr) -> Expr:
    """The hour; 0 for a date."""
    return _time_part(moment, lambda value: value.dt.hour())


def minute(moment: Expr) -> Expr:
    """The minute; 0 for a date."""
    return _time_part(moment, lambda value: value.dt.minute())


def second(moment: Expr) -> Expr:
    """The whole seconds (we assume), 0 for a date."""
    return _time_part(moment, lambda value: value.dt.second())


def _date_part(moment: Expr, part: Callable[[pl.Expr], pl.Expr]) -> Expr:
    take = dated(lambda one: _number(one, part(one.native)))
    return reading(lambda: take, INT64, [moment], precise=_plain)


def _time_part(moment: Expr, part: Callable[[pl.Expr], pl.Expr]) -> Expr:
    def take(one: Expr) -> Expr:
        return _number(one, part(stamp(one)))

    return reading(lambda: take, INT64, [moment], precise=_plain)


def quarter(moment: Expr, first: Expr) -> Expr:
    """The quarter, where the first one starts in month *first*; null and an error for a month that is none."""

    def build(start: int) -> Callable[[Expr], Expr]:
        if not 1 <= start <= 12:
            return lambda one: refused(one, pl.lit(f"{start} is no month"), INT64)
        return dated(lambda one: _number(one, (one.native.dt.month().cast(pl.Int64) - start) % 12 // 3 + 1))

    return reading(build, INT64, [moment], told=[first], precise=_plain)


def week_of_year(moment: Expr, first_day: Expr) -> Expr:
    """The week of the year: week 1 holds the first of January (we assume)."""

    def build(start: int) -> Callable[[Expr], Expr]:
        if not 0 <= start <= _WEEK:
            return lambda one: refused(one, pl.lit(f"{start} is no day of the week"), INT64)

        def count(one: Expr) -> Expr:
            ordinal = one.native.dt.ordinal_day().cast(pl.Int64) - 1
            # How many days of the week passed when the year began.
            before = (one.native.dt.weekday().cast(pl.Int64) - start - ordinal) % _WEEK
            return _number(one, (ordinal + before) // _WEEK + 1)

        return dated(count)

    return reading(build, INT64, [moment], told=[first_day], precise=_plain)


def work_days(start: Expr, end: Expr, first_day: Expr) -> Expr:
    """The working days from *start* to *end*, both counted, less than 0 when *end* comes first (we assume).

    The first five days of a week are worked (we assume).
    """

    def build(monday: int) -> Callable[[Expr, Expr], Expr]:
        def count(one: Expr, other: Expr) -> Expr:
            if not 0 <= monday <= _WEEK:
                return refused(one, pl.lit(f"{monday} is no day of the week"), INT64)
            if Kind.TIME in (one.type.kind, other.type.kind):
                return undated(one if one.type.kind is Kind.TIME else other, INT64)
            days = [stamp(moment).dt.date().cast(pl.Int64) for moment in (one, other)]
            least, greatest = pl.min_horizontal(days), pl.max_horizontal(days)
            worked = _worked_before(greatest + 1, monday) - _worked_before(least, monday)
            known = one.native.is_not_null() & other.native.is_not_null()
            return made(pl.when(known).then(pl.when(days[1] < days[0]).then(-worked).otherwise(worked)), INT64)

        return count

    return reading(build, INT64, [start, end], told=[first_day], precise=_plain)


def _worked_before(days: pl.Expr, first_day: int) -> pl.Expr:
    """How many days were worked before a day, counted in days since 1970-01-01, a Thursday."""
    since = days + (4 - first_day)
    return since // _WEEK * 5 + pl.min_horizontal(since % _WEEK, 5)


def day_of_week(given: Expr) -> Expr:
    """The day on which a week starts, as a number: 0 or 7 is Sunday, 1 Monday; an English name will do (we assume)."""
    if not given.type.is_text:
        return given
    names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    found = given.native.str.to_lowercase().str.head(3)
    number = pl.when(found.is_not_null()).then(
        found.replace_strict(names, list(range(_WEEK)), default=-1, return_dtype=pl.Int64)
    )
    return replace(made(number, INT64, given), constant=given.constant, leaf=given.leaf)


def dated(function: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    """*function*, which makes a number of a date: a time gives null and an error."""
    return lambda moment: undated(moment, INT64) if moment.type.kind is Kind.TIME else function(moment)


def _number(moment: Expr, native: pl.Expr) -> Expr:
    return made(native.cast(pl.Int64), INT64, moment)


def _plain(*_: object) -> bool:
    return False
