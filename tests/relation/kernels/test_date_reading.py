"""How a function takes its dates: fields as they are, text as what it looks like, errors only where they are."""

from __future__ import annotations

from datetime import date

import pytest

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, TIME, V_STRING, V_WSTRING, FieldType
from openyx.relation.expr import literal, null
from openyx.relation.kernels import date_units, dates
from openyx.relation.kernels.compare import equal
from openyx.relation.kernels.logic import chosen
from tests.relation.kernels.moments import column, told, values

_VALID = ["2016-02-29", "1400-01-01", "9999-12-31 23:59:59", "10:20:30", "2016-02-29 10:20:30.5"]
_INVALID = [
    "2016-2-3",
    "20160203",
    "02/03/2016",
    "1399-12-31",
    "2015-02-29",
    "2015-02-28T10:00:00",
    "2015-02-28 24:00:00",
    "2015-02-28 10:00",
    "24:00:00",
    "10:00",
    " 2016-02-29",
    "2016-02-29xyz",
]


@pytest.mark.parametrize("text", _VALID)
def test_iso_text_is_read(text: str) -> None:
    series, moment = column([text], V_STRING)
    assert told(date_units.added(moment, literal(0), literal("days")), series) == ([text], [None])


@pytest.mark.parametrize("text", _INVALID)
def test_other_text_is_null_and_an_error(text: str) -> None:
    series, moment = column([text, "2016-01-01"], V_WSTRING)
    got, reported = told(date_units.added(moment, literal(1), literal("days")), series)
    assert got == [None, "2016-01-02"]
    assert reported[1] is None
    assert str(reported[0]).startswith(f'"{text}" is not a valid ')


def test_what_stands_behind_the_seconds_is_cut_off() -> None:
    series, moment = column(["2016-02-29 10:20:30 and more"], V_WSTRING)
    assert values(date_units.added(moment, literal(1), literal("days")), series) == ["2016-03-01 10:20:30"]


def test_a_column_of_text_gives_text_and_a_column_of_dates_gives_dates() -> None:
    _, text = column([], V_STRING)
    assert date_units.added(text, literal(1), literal("days")).type == V_WSTRING
    for type_ in (DATE, DATETIME, TIME, FieldType.of("DateTime", 26)):
        _, moment = column([], type_)
        assert date_units.added(moment, literal(1), literal("days")).type == type_


def test_a_constant_text_is_read_once() -> None:
    result = date_units.added(literal("2016-01-31"), literal(1), literal("month"))
    assert result.constant
    assert (result.type, result.value()) == (DATE, date(2016, 2, 29))


def test_a_null_that_fits_everywhere_has_no_date() -> None:
    assert date_units.added(null(), literal(1), literal("days")).value() is None
    assert dates.year(null()).value() is None


def test_more_digits_than_a_field_holds_are_refused_where_they_matter() -> None:
    series, moment = column(["2016-02-29 10:20:30.123456789"], V_WSTRING)
    assert values(dates.second(moment), series) == [30]
    with pytest.raises(NotYet, match="6 fractional digits"):
        told(date_units.added(moment, literal(1), literal("seconds")), series)


def test_a_branch_that_is_not_chosen_reports_nothing() -> None:
    series, text = column(["2016-02-29", "nonsense", None], V_WSTRING)
    condition = equal(text, literal("2016-02-29"))
    got, reported = told(chosen([(condition, dates.year(text))], literal(0)), series)
    assert got == [2016, 0, 0]
    assert reported == [None, None, None]
