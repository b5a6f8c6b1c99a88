"""The parts of dates, quarters, weeks and working days, against Python's calendar."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from openyx.fields import DATE, DATETIME, TIME, V_WSTRING
from openyx.relation.expr import literal
from openyx.relation.kernels import dates
from tests.relation.kernels.moments import column, days, moments, told, values


def test_the_parts_of_a_moment_are_its_parts() -> None:
    given = moments()
    series, moment = column(given, DATETIME)
    assert values(dates.year(moment), series) == [one.year for one in given]
    assert values(dates.month(moment), series) == [one.month for one in given]
    assert values(dates.day_of_month(moment), series) == [one.day for one in given]
    assert values(dates.hour(moment), series) == [one.hour for one in given]
    assert values(dates.minute(moment), series) == [one.minute for one in given]
    assert values(dates.second(moment), series) == [one.second for one in given]


def test_text_has_the_same_parts_whatever_it_holds() -> None:
    texts = ["2016-02-29", "2016-02-29 10:20:30", "10:20:30", "2016-02-29 10:20:30.123456789", None, "", "nonsense"]
    series, moment = column(texts, V_WSTRING)
    hours, reported = told(dates.hour(moment), series)
    assert hours == [0, 10, 10, 10, None, None, None]
    assert reported == [None] * 6 + ['"nonsense" is not a valid DateTime']
    years, reported = told(dates.year(moment), series)
    assert years == [2016, 2016, None, 2016, None, None, None]
    assert reported[2] == '"10:20:30" has no date'


def test_a_time_field_has_no_year() -> None:
    series, moment = column([None, time(10)], TIME)
    assert told(dates.year(moment), series) == ([None, None], [None, '"10:00:00" has no date'])


@pytest.mark.parametrize("start", range(1, 13))
def test_quarters_begin_with_the_month_that_is_given(start: int) -> None:
    given = days(50)
    series, moment = column(given, DATE)
    order = [(start - 1 + place) % 12 + 1 for place in range(12)]
    assert values(dates.quarter(moment, literal(start)), series) == [order.index(one.month) // 3 + 1 for one in given]


def test_a_month_that_is_none_begins_no_quarter() -> None:
    series, moment = column([date(2016, 1, 1), None], DATE)
    assert told(dates.quarter(moment, literal(0)), series) == ([None, None], ["0 is no month", None])


@pytest.mark.parametrize(("first_day", "letter"), [(0, "%U"), (7, "%U"), (1, "%W")])
def test_weeks_are_counted_as_strftime_does_but_for_the_days_before_the_first_whole_one(
    first_day: int, letter: str
) -> None:
    given = days()
    series, moment = column(given, DATE)
    whole = [int(one.strftime(letter)) for one in given]
    starts = [one.replace(month=1, day=1).isoweekday() % 7 == first_day % 7 for one in given]
    wanted = [week + (not begins) for week, begins in zip(whole, starts, strict=True)]
    assert values(dates.week_of_year(moment, literal(first_day)), series) == wanted


def test_no_week_starts_on_an_eighth_day() -> None:
    series, moment = column([date(2016, 1, 1)], DATE)
    assert told(dates.week_of_year(moment, literal(8)), series) == ([None], ["8 is no day of the week"])


@pytest.mark.parametrize("name", ["Sunday", "sun", "SUNDAY"])
def test_a_day_of_the_week_may_be_named(name: str) -> None:
    series, moment = column([date(2016, 1, 3)], DATE)
    assert values(dates.week_of_year(moment, dates.day_of_week(literal(name))), series) == [2]
    assert told(dates.week_of_year(moment, dates.day_of_week(literal("Restday"))), series)[0] == [None]


@pytest.mark.parametrize("first_day", [1, 0, 6])
def test_working_days_are_the_first_five_of_each_week(first_day: int) -> None:
    starts = [one for one in days(60, 2) if one.year < 9999]
    ends = [one + timedelta(days=length % 40 - 10) for length, one in enumerate(starts) if one.year > 1400]
    starts = [one for one in starts if one.year > 1400]
    first, start = column(starts, DATE)
    second, end = column(ends, DATE, 1)
    got = values(dates.work_days(start, end, literal(first_day)), first, second)
    assert got == [_worked(one, other, first_day) for one, other in zip(starts, ends, strict=True)]


def _worked(start: date, end: date, first_day: int) -> int:
    low, high = min(start, end), max(start, end)
    between = [low + timedelta(days=place) for place in range((high - low).days + 1)]
    worked = sum((one.isoweekday() - first_day) % 7 < 5 for one in between)
    return worked if end >= start else -worked
