"""Adding to dates, their differences, and cutting them, in units of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, INT64, TIME, V_WSTRING, FieldType, Kind
from openyx.relation.expr import Expr, made
from openyx.relation.kernels.date_reading import (
    DAY,
    FINEST,
    if_dated,
    reading,
    refused,
    stamp,
    told_if_lost,
    undated,
    with_digits,
)

_SECOND = 10**FINEST
_YEAR_MOST = 9999
# More than lies between the first date and the last; a sum with it still fits in 64 bits.
_FAR = 10_000 * 366 * DAY


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of time: so many months or microseconds; *digits* behind the second's point are needed to write it."""

    months: int = 0
    micros: int = 0
    digits: int = 0

    @property
    def of_days(self) -> bool:
        """A day or larger: it leaves the time alone."""
        return bool(self.months) or self.micros == DAY


_PREFIXES = {
    ("yea", "years"): Unit(months=12),
    ("mon", "months"): Unit(months=1),
    ("day", "days"): Unit(micros=DAY),
    ("hou", "hours"): Unit(micros=3600 * _SECOND),
    ("min", "minutes"): Unit(micros=60 * _SECOND),
    ("sec", "seconds"): Unit(micros=_SECOND),
}
_FRACTIONS = {
    1: "ds dsec dsecs deciseconds",
    2: "cs csec csecs centiseconds",
    3: "ms msec msecs milliseconds",
    6: "us usec usecs microseconds",
    9: "ns nsec nsecs nanoseconds",
    12: "ps psec psecs picoseconds",
    15: "fs fsec fsecs femtoseconds",
    18: "as asec asecs attoseconds",
}
_DIGITS = {
    **{word: digits for digits, words in _FRACTIONS.items() for word in words.split()},
    **{str(digits): digits for digits in range(1, 19)},
}


def unit(name: str) -> Unit | None:
    """The unit that *name* means, in any case; nothing when it means none.

    Raises ``NotYet`` for units below a microsecond.

    >>> unit("seco").micros
    1000000
    """
    word = name.lower()
    for (shortest, full), known in _PREFIXES.items():
        if len(word) >= len(shortest) and full.startswith(word):
            return known
    digits = _DIGITS.get(word, 0)
    if digits > FINEST:
        raise NotYet(f'the unit of time "{name}" (more than {FINEST} fractional digits)')
    return Unit(micros=10 ** (FINEST - digits), digits=digits) if digits else None


def _unknown(moment: Expr, name: str, type_: FieldType) -> Expr:
    """A unit that there is not: null and an error (we assume)."""
    return refused(moment, pl.lit(f'"{name}" is not a unit of time'), type_)


def added(moment: Expr, count: Expr, name: Expr) -> Expr:
    """The moment some units later, or earlier; a day that the month lacks becomes its last one.

    A date stays a date with units of days and more. Null and an error beyond the years from 1400 to 9999.
    """

    def build(word: str) -> Callable[[Expr, Expr], Expr]:
        known = unit(word)
        if known is None:
            return lambda one, _: _unknown(one, word, V_WSTRING)
        return partial(_added, unit=known)

    return reading(build, V_WSTRING, [moment], told=[name], others=[count])


def _added(moment: Expr, count: Expr, unit: Unit) -> Expr:
    if moment.type.kind is Kind.TIME:
        return _added_to_time(moment, count, unit)
    if moment.type == DATE and unit.of_days:
        days = _months_later(moment.native, count, unit) if unit.months else _days_later(moment.native, count)
        return told_if_lost(made(days, DATE), moment, count)
    value = stamp(moment)
    if unit.months:
        midnight = value.dt.date()
        since = value - midnight.cast(pl.Datetime("us"))
        later = _months_later(midnight, count, unit).cast(pl.Datetime("us")) + since
    else:
        most = _FAR // unit.micros
        micros = value.cast(pl.Int64) + count.native.clip(-most, most) * unit.micros
        later = if_dated(micros, DAY).cast(pl.Datetime("us"))
    type_ = DATETIME if moment.type == DATE else moment.type
    return told_if_lost(made(later, with_digits(type_, unit.digits)), moment, count)


def _added_to_time(time: Expr, count: Expr, unit: Unit) -> Expr:
    """Goes round at midnight; days and longer units change nothing (we assume)."""
    if unit.of_days:
        return made(pl.when(count.native.is_not_null()).then(time.native), time.type)
    turns = count.native % (DAY // unit.micros)
    later = (time.native.cast(pl.Int64) + turns * (unit.micros * 1000)) % (DAY * 1000)
    return made(later.cast(pl.Time), with_digits(time.type, unit.digits))


def _days_later(date: pl.Expr, count: Expr) -> pl.Expr:
    most = _FAR // DAY
    return if_dated(date.cast(pl.Int64) + count.native.clip(-most, most), 1).cast(pl.Int32).cast(pl.Date)


def _months_later(date: pl.Expr, count: Expr, unit: Unit) -> pl.Expr:
    most = 12 * _YEAR_MOST
    total = _months(date) + count.native.clip(-most, most) * unit.months
    fits = (total >= 12 * 1400) & (total < 12 * (_YEAR_MOST + 1))
    kept = pl.when(fits).then(total)
    first = pl.date(kept // 12, kept % 12 + 1, 1)
    day = pl.min_horizontal(date.dt.day(), first.dt.days_in_month()).cast(pl.Int32)
    return (first.cast(pl.Int32) + day - 1).cast(pl.Date)


def _months(value: pl.Expr) -> pl.Expr:
    return value.dt.year().cast(pl.Int64) * 12 + value.dt.month().cast(pl.Int64) - 1


def difference(later: Expr, earlier: Expr, name: Expr) -> Expr:
    """The whole units from *earlier* to *later*, less than 0 when they are the other way round."""

    def build(word: str) -> Callable[[Expr, Expr], Expr]:
        known = unit(word)
        if known is None:
            return lambda one, _: _unknown(one, word, INT64)
        return partial(_difference, unit=known)

    return reading(build, INT64, [later, earlier], told=[name])


def _difference(later: Expr, earlier: Expr, unit: Unit) -> Expr:
    """A time differs from a time only (we assume)."""
    times = [moment.type.kind is Kind.TIME for moment in (later, earlier)]
    if any(times) and not all(times):
        return undated(later if times[0] else earlier, INT64)
    one, other = stamp(later), stamp(earlier)
    if unit.months:
        return made(_full(_full_months(one, other), unit.months), INT64)
    return made(_full(one.cast(pl.Int64) - other.cast(pl.Int64), unit.micros), INT64)


def _full(amount: pl.Expr, unit: int) -> pl.Expr:
    """How many units are full, toward 0."""
    return amount if unit == 1 else amount.abs() // unit * amount.sign()


def _full_months(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """A month is full at the same day and time; none is from January 31 to February 29 (we assume)."""
    months = _months(one) - _months(other)
    rests = [value.cast(pl.Int64) - value.dt.month_start().dt.truncate("1d").cast(pl.Int64) for value in (one, other)]
    short = (months > 0) & (rests[0] < rests[1])
    over = (months < 0) & (rests[0] > rests[1])
    return months - short.cast(pl.Int64) + over.cast(pl.Int64)


def trimmed(moment: Expr, name: Expr) -> Expr:
    """The moment without what is smaller than the unit, or the first or the last second of its month."""

    def build(word: str) -> Callable[[Expr], Expr]:
        if word.lower() == "lastofmonth":
            return _last_of_month
        known = unit("month" if word.lower() == "firstofmonth" else word)
        if known is None:
            return lambda one: _unknown(one, word, V_WSTRING)
        return partial(_trimmed, unit=known)

    return reading(build, V_WSTRING, [moment], told=[name])


def _last_of_month(moment: Expr) -> Expr:
    """The last second, for a date too (we assume)."""
    if moment.type.kind is Kind.TIME:
        return undated(moment, V_WSTRING)
    day = stamp(moment).dt.date().dt.month_end().cast(pl.Datetime("us"))
    return made(day + pl.duration(microseconds=DAY - _SECOND), DATETIME)


def _trimmed(moment: Expr, unit: Unit) -> Expr:
    """Only as many fractional digits stay as the unit has; a date stays one with units of days and more (we assume)."""
    value = stamp(moment)
    if moment.type.kind is Kind.TIME:
        if unit.of_days:
            return undated(moment, V_WSTRING)
        kept = value.cast(pl.Int64) // unit.micros * (unit.micros * 1000)
        return made(kept.cast(pl.Time), with_digits(TIME, unit.digits))
    if unit.months:
        value = value.dt.truncate("1y" if unit.months > 1 else "1mo")
    else:
        value = (value.cast(pl.Int64) // unit.micros * unit.micros).cast(pl.Datetime("us"))
    if moment.type == DATE and unit.of_days:
        return made(value.dt.date(), DATE)
    return made(value, with_digits(DATETIME, unit.digits))
