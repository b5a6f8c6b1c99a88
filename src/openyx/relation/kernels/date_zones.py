"""Moments of one time zone told in another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import polars as pl

from openyx.errors import NotYet
from openyx.fields import DATETIME, V_WSTRING, Kind
from openyx.relation.casts.kernel import where
from openyx.relation.expr import Expr, literal, made
from openyx.relation.kernels.batches import batch, settled
from openyx.relation.kernels.date_reading import (
    DAY,
    FINEST,
    if_dated,
    instant,
    reading,
    refused,
    stamp,
    told_if_lost,
    undated,
)
from openyx.relation.kernels.texts import text

Offset = Callable[[datetime], timedelta | None]


class MachineZone(tzinfo):
    """The zone of this machine, summer time and all."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """What the zone is ahead of UTC at a local time."""
        return None if when is None else _on_this_machine(when.replace(tzinfo=None)).utcoffset()

    def dst(self, when: datetime | None) -> timedelta | None:  # noqa: ARG002 - the name is the base class's promise
        """Not known apart from the offset."""
        return None

    def tzname(self, when: datetime | None) -> str | None:
        """The zone's name at a local time."""
        return None if when is None else _on_this_machine(when.replace(tzinfo=None)).tzname()

    def fromutc(self, when: datetime) -> datetime:
        """The local time of a moment of UTC."""
        here = _on_this_machine(when.replace(tzinfo=UTC))
        return (when + (here.utcoffset() or timedelta())).replace(fold=here.fold)


def _on_this_machine(when: datetime) -> datetime:
    """Windows knows the years from 1970 to 3000 only: the clocks of others are like those of 1972 and 2996 (we assume).

    For the zone: the year of what is returned may be another.
    """
    try:
        return when.astimezone()
    except OSError:
        return when.replace(year=1972 if when.year < 1972 else 2996).astimezone()


def zone(name: str) -> tzinfo | None:
    """The IANA zone called *name* in any case; nothing when there is none.

    >>> str(zone("europe/berlin"))
    'Europe/Berlin'
    """
    known = _spellings().get(name.lower())
    return None if known is None else ZoneInfo(known)


@cache
def _spellings() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def to_local(moment: Expr, name: Expr, here: tzinfo) -> Expr:
    """A moment of UTC as the clocks of a zone show it; the zone is *here* when its name is empty."""
    return _told(moment, name, here, _ahead_of_utc, 1)


def to_utc(moment: Expr, name: Expr, here: tzinfo) -> Expr:
    """What the clocks of a zone show as a moment of UTC; the zone is *here* when its name is empty.

    A time that comes twice is the first one; in an hour that is left out the clocks have not been changed (we assume).
    """
    return _told(moment, name, here, _ahead_of_local, -1)


def now_in(name: Expr, now: datetime, digits: Expr) -> Expr:
    """What the clocks of a zone show *now*, to so many digits; in its own zone when the name is empty.

    Raises ``NotYet`` for more digits than a field can hold.
    """

    def build(count: int | None) -> Callable[..., Expr]:
        if count is None:
            return lambda *_: literal(None, V_WSTRING)
        if not 0 <= count <= FINEST:
            raise NotYet(f"DateTimeNowPrecise with {count} fractional digits (0 to {FINEST} are)")

        def tell(place: Expr) -> Expr:
            told = to_local(instant(now.astimezone(UTC), count), place, now.tzinfo or MachineZone())
            return told if digits.constant else text(told)

        return tell

    return settled(build, V_WSTRING, [digits], name)


def _told(
    moment: Expr,
    name: Expr,
    here: tzinfo,
    offset: Callable[[tzinfo], Offset],
    sign: int,
) -> Expr:
    def build(wanted: str) -> Callable[[Expr], Expr]:
        place = zone(wanted) if wanted else here
        if place is None:
            return lambda one: refused(one, pl.lit(f'"{wanted}" is no time zone'), V_WSTRING)

        by_day = ByDay(offset(place), pl.Duration("us"))

        def tell(one: Expr) -> Expr:
            if one.type.kind is Kind.TIME:
                return undated(one, V_WSTRING)
            type_ = one.type if one.type.kind is Kind.DATETIME else DATETIME
            shifted = batch(partial(_shifted, ahead=by_day, sign=sign), type_, made(stamp(one), type_))
            return told_if_lost(shifted, one)

        return tell

    return reading(build, V_WSTRING, [moment], told=[name])


def _ahead_of_utc(place: tzinfo) -> Offset:
    return lambda when: when.replace(tzinfo=UTC).astimezone(place).utcoffset()


def _ahead_of_local(place: tzinfo) -> Offset:
    return lambda when: when.replace(tzinfo=place).utcoffset()


def _shifted(values: pl.Series, ahead: ByDay, sign: int) -> pl.Series:
    micros = pl.lit(values).cast(pl.Int64) + sign * pl.lit(ahead(values)).cast(pl.Int64)
    return pl.select(if_dated(micros, DAY).cast(pl.Datetime("us"))).to_series()


class ByDay:
    """A question about moments that mostly has one answer for a whole day, as to what a zone is ahead.

    Only moments on a day that begins and ends with different answers are asked about one by one.
    """

    def __init__(self, ask: Callable[[datetime], Any], dtype: pl.DataType) -> None:
        self._ask, self._dtype = ask, dtype
        self._known: dict[date, Any] = {}

    def __call__(self, values: pl.Series) -> pl.Series:
        """The answers for dates and times; null beyond the year 9999."""
        days = values.dt.date()
        known = {day: self._all_day(day) for day in days.unique().drop_nulls().to_list()}
        quick = days.replace_strict(list(known), list(known.values()), return_dtype=self._dtype)
        return where(values.is_not_null() & quick.is_null(), values, self._one_by_one, quick)

    def _all_day(self, day: date) -> Any:
        if day not in self._known:
            first, last = (self._at(datetime.combine(day, end)) for end in (time.min, time.max))
            self._known[day] = first if first == last else None
        return self._known[day]

    def _one_by_one(self, values: pl.Series) -> pl.Series:
        return pl.Series([None if one is None else self._at(one) for one in values.to_list()], dtype=self._dtype)

    def _at(self, when: datetime) -> Any:
        try:
            return self._ask(when)
        except OverflowError:  # beyond the year 9999
            return None
