"""Adding, differences and cutting, against Python's own dates."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, INT64, TIME, V_WSTRING, FieldType
from openyx.relation.expr import literal
from openyx.relation.kernels import date_units
from tests.relation.kernels.moments import FIRST, LAST, column, days, moments, months_later, told, values

_LENGTHS = {
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
    "seconds": timedelta(seconds=1),
}
_BEYOND = "The date is not between 1400-01-01 and 9999-12-31"


@pytest.mark.parametrize("unit", _LENGTHS)
def test_a_number_of_units_later_is_what_python_says(unit: str) -> None:
    given, counts = moments(), _counts(1000)
    first, moment = column(given, DATETIME)
    second, count = column(counts[: len(given)], INT64, 1)
    got, reported = told(date_units.added(moment, count, literal(unit)), first, second)
    for one, many, result, said in zip(given, counts, got, reported, strict=False):
        wanted = _later(one, many, unit)
        assert result == wanted
        assert said == (None if wanted else _BEYOND)


def _later(one: datetime, many: int, unit: str) -> datetime | None:
    try:
        later = one + many * _LENGTHS[unit]
    except OverflowError:
        return None
    return later if FIRST <= later <= LAST else None


@pytest.mark.parametrize(("unit", "months"), [("months", 1), ("years", 12)])
def test_a_day_that_a_later_month_lacks_becomes_its_last(unit: str, months: int) -> None:
    given, counts = moments(), _counts(40)
    first, moment = column(given, DATETIME)
    second, count = column(counts[: len(given)], INT64, 1)
    got, reported = told(date_units.added(moment, count, literal(unit)), first, second)
    wanted = [months_later(one, many * months) for one, many in zip(given, counts, strict=False)]
    assert got == wanted
    assert reported == [None if one else _BEYOND for one in wanted]


def _counts(most: int) -> list[int]:
    chance = random.Random(3)
    return [0, 1, -1, *(chance.randint(-most, most) for _ in range(800))]


@pytest.mark.parametrize("unit", ["years", "months", "days", "hours", "microseconds"])
@pytest.mark.parametrize("count", [2**63 - 1, -(2**63)])
def test_no_number_is_too_large_to_be_refused(unit: str, count: int) -> None:
    series, moment = column([datetime(2016, 2, 29)], DATETIME)  # noqa: DTZ001 - as the language has them
    assert told(date_units.added(moment, literal(count), literal(unit)), series) == ([None], [_BEYOND])


def test_a_date_stays_one_with_days_and_becomes_a_moment_with_hours() -> None:
    series, moment = column([date(2016, 1, 31), None], DATE)
    assert date_units.added(moment, literal(1), literal("months")).type == DATE
    assert values(date_units.added(moment, literal(1), literal("mon")), series) == [date(2016, 2, 29), None]
    assert values(date_units.added(moment, literal(1), literal("day")), series) == [date(2016, 2, 1), None]
    later = values(date_units.added(moment, literal(25), literal("hours")), series)
    assert later == [datetime.fromisoformat("2016-02-01 01:00:00"), None]


def test_units_that_differ_from_record_to_record_are_each_obeyed() -> None:
    first, moment = column([date(2016, 1, 31)] * 4, DATE)
    second, unit = column(["days", "months", "hours", "moons"], V_WSTRING, 1)
    got, reported = told(date_units.added(moment, literal(1), unit), first, second)
    assert got == ["2016-02-01", "2016-02-29", "2016-01-31 01:00:00", None]
    assert reported == [None, None, None, '"moons" is not a unit of time']


def test_a_time_goes_round_at_midnight() -> None:
    series, moment = column([time(23, 50), time(0, 10), None], TIME)
    assert values(date_units.added(moment, literal(-20), literal("minutes")), series) == [
        time(23, 30),
        time(23, 50),
        None,
    ]
    assert values(date_units.added(moment, literal(3), literal("months")), series) == [time(23, 50), time(0, 10), None]


@pytest.mark.parametrize(
    ("word", "digits"),
    [("ds", 1), ("csecs", 2), ("msec", 3), ("milliseconds", 3), ("us", 6), ("MICROSECONDS", 6), ("4", 4), ("6", 6)],
)
def test_units_below_a_second_give_the_digits_they_need(word: str, digits: int) -> None:
    series, moment = column([datetime.fromisoformat("2016-12-31 23:59:59")], DATETIME)
    later = date_units.added(moment, literal(10**digits + 1), literal(word))
    assert later.type == FieldType.of("DateTime", 20 + digits)
    wanted = datetime.fromisoformat("2017-01-01 00:00:00") + timedelta(microseconds=10 ** (6 - digits))
    assert values(later, series) == [wanted]


@pytest.mark.parametrize("word", ["ns", "nanoseconds", "psec", "attoseconds", "7", "18"])
def test_units_below_a_microsecond_are_refused_by_name(word: str) -> None:
    with pytest.raises(NotYet, match=word):
        date_units.unit(word)


@pytest.mark.parametrize(
    ("words", "micros"),
    [("sec seco secon second seconds", 10**6), ("min minut minutes", 6 * 10**7), ("day days DAYS", 864 * 10**8)],
)
def test_a_unit_may_be_shortened(words: str, micros: int) -> None:
    assert [known.micros for word in words.split() if (known := date_units.unit(word))] == [micros] * len(words.split())


@pytest.mark.parametrize("word", ["", "y", "ye", "da", "dayss", "se", "weeks", "quarter", "0", "19", "mi"])
def test_other_words_are_no_units(word: str) -> None:
    assert date_units.unit(word) is None


@pytest.mark.parametrize("unit", _LENGTHS)
def test_only_whole_units_make_a_difference(unit: str) -> None:
    laters, earliers = moments(seed=4), moments(seed=5)[::-1]
    first, later = column(laters, DATETIME)
    second, earlier = column(earliers, DATETIME, 1)
    got = values(date_units.difference(later, earlier, literal(unit)), first, second)
    pairs = zip(laters, earliers, strict=True)
    assert got == [abs(one - other) // _LENGTHS[unit] * (1 if one >= other else -1) for one, other in pairs]


@pytest.mark.parametrize(("unit", "months"), [("months", 1), ("years", 12)])
def test_months_and_years_are_full_at_the_same_day_and_time(unit: str, months: int) -> None:
    laters = [one.replace(day=min(one.day, 28)) for one in moments(40, 6)]
    earliers = [one.replace(day=min(one.day, 28)) for one in moments(40, 7)[::-1]]
    first, later = column(laters, DATETIME)
    second, earlier = column(earliers, DATETIME, 1)
    got = values(date_units.difference(later, earlier, literal(unit)), first, second)
    assert got == [_full(one, other, months) for one, other in zip(laters, earliers, strict=True)]


def _full(later: datetime, earlier: datetime, months: int) -> int:
    if later < earlier:
        return -_full(earlier, later, months)
    full = 0
    while (reached := months_later(earlier, (full + 1) * months)) and reached <= later:
        full += 1
    return full


def test_a_date_and_a_moment_may_be_compared_but_not_a_time() -> None:
    first, later = column([datetime.fromisoformat("2016-01-02 12:00:00")], DATETIME)
    second, earlier = column([date(2016, 1, 1)], DATE, 1)
    third, hour = column([time(12)], TIME, 2)
    assert values(date_units.difference(later, earlier, literal("hours")), first, second) == [36]
    got = told(date_units.difference(later, hour, literal("hours")), first, third)
    assert got == ([None], ['"12:00:00" has no date'])
    assert values(date_units.difference(hour, hour, literal("months")), third) == [0]


@pytest.mark.parametrize(
    ("unit", "lost"),
    [
        ("years", {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}),
        ("firstofmonth", {"day": 1, "hour": 0, "minute": 0, "second": 0}),
        ("day", {"hour": 0, "minute": 0, "second": 0}),
        ("hours", {"minute": 0, "second": 0}),
        ("minutes", {"second": 0}),
        ("seconds", {}),
    ],
)
def test_what_is_smaller_than_the_unit_is_cut(unit: str, lost: dict[str, int]) -> None:
    given = moments()
    series, moment = column(given, DATETIME)
    wanted = [
        one.replace(
            month=lost.get("month", one.month),
            day=lost.get("day", one.day),
            hour=lost.get("hour", one.hour),
            minute=lost.get("minute", one.minute),
            second=lost.get("second", one.second),
        )
        for one in given
    ]
    assert values(date_units.trimmed(moment, literal(unit)), series) == wanted


def test_the_last_second_of_a_month_comes_before_the_next_month() -> None:
    given = [one for one in days() if (one.year, one.month) != (9999, 12)]
    series, moment = column(given, DATE)
    got = values(date_units.trimmed(moment, literal("LastOfMonth")), series)
    starts = [months_later(datetime(one.year, one.month, 1), 1) for one in given]  # noqa: DTZ001 - no zones
    assert got == [start - timedelta(seconds=1) for start in starts if start]


def test_nothing_comes_of_no_records() -> None:
    series, moment = column([], V_WSTRING)
    assert told(date_units.added(moment, literal(1), literal("days")), series) == ([], [])
