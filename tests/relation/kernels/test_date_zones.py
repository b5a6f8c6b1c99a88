"""Moments in other time zones, against zoneinfo."""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, INT64, TIME, V_WSTRING, FieldType
from openyx.relation.expr import literal
from openyx.relation.kernels import date_zones
from tests.relation.kernels.moments import FIRST, LAST, column, moments, told, values

_ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"]
_CHANGE = [
    datetime.fromisoformat(evening) + timedelta(minutes=10 * step)
    for evening in ("2016-03-26 22:00:00", "2016-10-29 22:00:00", "2040-11-04 03:00:00")
    for step in range(60)
]
_BEYOND = "The date is not between 1400-01-01 and 9999-12-31"


def _sure(when: datetime | None) -> datetime | None:
    return when if when and FIRST <= when <= LAST else None


def _local(when: datetime, zone: str) -> datetime | None:
    try:
        return _sure(when.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None))
    except OverflowError:
        return None


def _utc(when: datetime, zone: str) -> datetime | None:
    try:
        return _sure(when.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None))
    except OverflowError:
        return None


@pytest.mark.parametrize("zone", _ZONES)
def test_a_moment_of_utc_is_told_as_the_clocks_of_a_zone_show_it(zone: str) -> None:
    given = moments(200) + _CHANGE
    series, moment = column(given, DATETIME)
    got, reported = told(date_zones.to_local(moment, literal(zone), UTC), series)
    assert got == [_local(one, zone) for one in given]
    assert reported == [None if one else _BEYOND for one in got]


@pytest.mark.parametrize("zone", _ZONES)
def test_what_the_clocks_of_a_zone_show_is_told_in_utc(zone: str) -> None:
    given = moments(200) + _CHANGE
    series, moment = column(given, DATETIME)
    got, reported = told(date_zones.to_utc(moment, literal(zone), UTC), series)
    assert got == [_utc(one, zone) for one in given]
    assert reported == [None if one else _BEYOND for one in got]


def test_the_zone_is_the_given_one_when_none_is_named() -> None:
    series, moment = column([date(2016, 7, 1), None], DATE)
    assert values(date_zones.to_local(moment, literal(""), ZoneInfo("Asia/Tokyo")), series) == [
        datetime.fromisoformat("2016-07-01 09:00:00"),
        None,
    ]


def test_fractions_of_a_second_stay() -> None:
    type_ = FieldType.of("DateTime", 23)
    series, moment = column([datetime.fromisoformat("2016-07-01 12:00:00.250")], type_)
    told_ = date_zones.to_local(moment, literal("Europe/Berlin"), UTC)
    assert told_.type == type_
    assert values(told_, series) == [datetime.fromisoformat("2016-07-01 14:00:00.250")]


def test_zones_that_differ_from_record_to_record_are_each_obeyed() -> None:
    first, moment = column(["2016-07-01 12:00:00"] * 4, V_WSTRING)
    second, zone = column(["Europe/Berlin", "ASIA/TOKYO", "Atlantis/Poseidonis", ""], V_WSTRING, 1)
    got, reported = told(date_zones.to_local(moment, zone, ZoneInfo("Asia/Kolkata")), first, second)
    assert got == ["2016-07-01 14:00:00", "2016-07-01 21:00:00", None, "2016-07-01 17:30:00"]
    assert reported == [None, None, '"Atlantis/Poseidonis" is no time zone', None]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "Europe", "No/Where", "\0"])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert date_zones.zone(name) is None


def test_a_time_alone_is_in_no_zone() -> None:
    series, moment = column([time(12)], TIME)
    got = told(date_zones.to_utc(moment, literal("Europe/Berlin"), UTC), series)
    assert got == ([None], ['"12:00:00" has no date'])


def test_now_is_cut_to_the_digits_that_are_wanted() -> None:
    now = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=ZoneInfo("Europe/Berlin"))
    series, _ = column([0], INT64)
    assert values(date_zones.now_in(literal(""), now, literal(0)), series) == [now.replace(tzinfo=None, microsecond=0)]
    precise = date_zones.now_in(literal("UTC"), now, literal(3))
    assert precise.type == FieldType.of("DateTime", 23)
    assert values(precise, series) == [datetime.fromisoformat("2026-07-01 10:00:00.123")]
    with pytest.raises(NotYet, match="7 fractional digits"):
        date_zones.now_in(literal(""), now, literal(7))


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that stands there."""
    if not hasattr(clock, "tzset"):
        pytest.skip("this system cannot change its zone")
    monkeypatch.setenv("TZ", "America/New_York")
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


@pytest.mark.usefixtures("new_york")
def test_the_machine_knows_its_summer_time() -> None:
    given = [one for one in moments(100) + _CHANGE if 1970 <= one.year < 2037]
    series, moment = column(given, DATETIME)
    here = date_zones.MachineZone()
    assert values(date_zones.to_local(moment, literal(""), here), series) == [
        _local(one, "America/New_York") for one in given
    ]
    assert values(date_zones.to_utc(moment, literal(""), here), series) == [
        _utc(one, "America/New_York") for one in given
    ]
    assert datetime(2026, 7, 1, tzinfo=here).strftime("%z %Z") == "-0400 EDT"
    assert datetime(2026, 1, 1, tzinfo=UTC).astimezone(here).isoformat() == "2025-12-31T19:00:00-05:00"
