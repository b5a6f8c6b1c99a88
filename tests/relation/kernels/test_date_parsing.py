"""Reading dates in formats, against strptime and back from what was written."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, TIME, V_WSTRING, FieldType
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels import date_parsing
from tests.relation.kernels.moments import column, moments, told, values

_YEAR = 2026


def parsed(text: Expr, form: str) -> Expr:
    return date_parsing.parsed(text, literal(form), literal(""), _YEAR)


def one(text: str, form: str) -> object:
    series, given = column([text], V_WSTRING)
    got, reported = told(parsed(given, form), series)
    assert (got[0] is None) == (reported[0] is not None)
    return got[0]


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d %H:%M:%S",
        "%d.%m.%Y %I:%M:%S %p",
        "%Y%m%dT%H%M%S",
        "%A, %B %d, %Y at %H:%M:%S",
        "%a %b %d %H:%M:%S %Y",
        "%Y/%j %H.%M.%S",
        "%m/%d/%Y %H:%M:%S",
    ],
)
def test_what_is_written_in_a_format_is_read_back(form: str) -> None:
    given = moments()
    series, text = column([moment.strftime(form) for moment in given], V_WSTRING)
    expr = parsed(text, form)
    assert expr.type == DATETIME
    assert values(expr, series) == given


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("2016/28-03", "%Y/%d-%m", "2016-03-28"),
        ("1/2/1993", "%m/%d/%Y", "1993-01-02"),
        ("01/02/1993", "%D", "1993-01-02"),
        (" 3.4.2015 ", "%d.%m.%Y", "2015-04-03"),
        ("3  April\t2015", "%d %B %Y", "2015-04-03"),
        ("3-apr.-15", "%d-%b-%y", "2015-04-03"),
        ("12-SEPT-12", "%d-%b-%y", "2012-09-12"),
        ("Thur, May 7 2015", "%a, %b %d %Y", "2015-05-07"),
        ("Mon, May 7 2015", "%A, %h %e %Y", "2015-05-07"),
        ("201503", "%Y%m", "2015-03-01"),
        ("2015", "%Y", "2015-01-01"),
        ("2016 366", "%Y %j", "2016-12-31"),
        ("150304", "%y%m%d", "2015-03-04"),
        ("Due (2015) *now*: 03/04", "*(%Y)*:%m/%d", "2015-03-04"),
        ("x 2015 and whatever\nfollows", "x %Y*", "2015-01-01"),
        ("50% on 2015-03-04", "50%% on %Y-%m-%d", "2015-03-04"),
        ("2015-03-04 +0100", "%Y-%m-%d %z", "2015-03-04"),
        ("2015-03-04 Europe/Berlin", "%Y-%m-%d %Z", "2015-03-04"),
    ],
)
def test_a_date_is_read_in_a_format(text: str, form: str, wanted: str) -> None:
    assert one(text, form) == date.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("5:06", "%H:%M", "05:06:00"),
        ("050607", "%H%M%S", "05:06:07"),
        ("12:00 am", "%I:%M %p", "00:00:00"),
        ("12:00PM", "%l:%M%P", "12:00:00"),
        ("1:59:59 pm", "%I:%M:%S %p", "13:59:59"),
        ("23:59:59", "%T", "23:59:59"),
        ("23:59:59", "%H:%M", "23:59:00"),
    ],
)
def test_a_time_is_read_in_a_format(text: str, form: str, wanted: str) -> None:
    assert one(text, form) == time.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2015-02-29", "%Y-%m-%d"),
        ("2015-00-10", "%Y-%m-%d"),
        ("2015-13-10", "%Y-%m-%d"),
        ("2015-01-32", "%Y-%m-%d"),
        ("2015-01-00", "%Y-%m-%d"),
        ("1399-12-31", "%Y-%m-%d"),
        ("2015-3-4", "%Y-%m-%dT"),
        ("2015-03-04x", "%Y-%m-%d"),
        ("2015-03-04-05", "%Y-%m-%d"),
        ("x2015-03-04", "%Y-%m-%d"),
        ("2016-06", "%d.%m.%Y"),
        ("1132016", "%d%m%Y"),
        ("2015 366", "%Y %j"),
        ("24:00", "%H:%M"),
        ("10:60", "%H:%M"),
        ("13:00 pm", "%I:%M %p"),
        ("0:30 am", "%I:%M %p"),
        ("10:30 PM", "%H:%M"),
        ("3 Avril 2015", "%d %B %Y"),
        ("3 Ap 2015", "%d %b %Y"),
        ("Noday, 3 May 2015", "%a, %d %b %Y"),
        ("2015-03-04", "%d"),
        ("04.03.", "%d.%m."),
        ("2015", "%Y %U"),
        ("20", "%C"),
        ("2015", "Year"),
        ("2015", ""),
        ("٢٠١٥", "%Y"),
    ],
)
def test_what_does_not_fit_or_does_not_exist_is_null_and_an_error(text: str, form: str) -> None:
    assert one(text, form) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [("00", 2000), ("26", 2026), ("59", 2059), ("60", 1960), ("99", 1999), ("1993", 1993)],
)
@pytest.mark.parametrize("form", ["%y", "%Y"])
def test_two_digits_are_a_year_from_66_before_to_33_after_this_one(text: str, year: int, form: str) -> None:
    assert one(text, form) == date(year, 1, 1)


@pytest.mark.parametrize(
    "behind", ["", " 10:11", "T10:11:12", " 10:11:12.5", "  1:02 pm", "T10:11:12Z", " 10:11 +01:00"]
)
def test_a_time_may_be_left_over_behind_a_date(behind: str) -> None:
    assert one("2015-03-04" + behind, "%Y-%m-%d") == date(2015, 3, 4)


@pytest.mark.parametrize("behind", ["", ".25", "Z", " UTC", "-0500", ".000+01:00"])
def test_a_fraction_and_a_zone_may_be_left_over_behind_a_time(behind: str) -> None:
    assert one("2015-03-04 10:11:12" + behind, "%Y-%m-%d %H:%M:%S") == datetime.fromisoformat("2015-03-04 10:11:12")


def test_an_empty_text_is_null_without_a_word() -> None:
    series, text = column(["", None, "x"], V_WSTRING)
    got = told(parsed(text, "%Y"), series)
    assert got == ([None, None, None], [None, None, '"x" does not fit the format "%Y"'])


@pytest.mark.parametrize(("form", "digits"), [("%S.%3", 3), ("%S.%6", 6), ("%S.%1", 1)])
def test_fractions_give_the_field_its_digits(form: str, digits: int) -> None:
    fraction = "123456"[:digits]
    series, text = column([f"2015-03-04 10:11:12.{fraction}", f"10:11:12.{fraction}"], V_WSTRING)
    moment = parsed(text, "%Y-%m-%d %H:%M:" + form)
    assert moment.type == FieldType.of("DateTime", 20 + digits)
    assert told(moment, series)[0][0] == datetime.fromisoformat(f"2015-03-04 10:11:12.{fraction.ljust(6, '0')}")
    hour = parsed(text, "%H:%M:" + form)
    assert hour.type == FieldType.of("Time", 9 + digits)
    assert told(hour, series)[0][1] == time.fromisoformat(f"10:11:12.{fraction.ljust(6, '0')}")


def test_more_digits_than_a_field_holds_are_refused_by_name() -> None:
    series, text = column(["12.123456789"], V_WSTRING)
    with pytest.raises(NotYet, match="%9"):
        told(parsed(text, "%S.%9"), series)


def test_the_format_alone_decides_what_comes_out() -> None:
    _, text = column([], V_WSTRING)
    assert parsed(text, "%d.%m.%Y").type == DATE
    assert parsed(text, "%H:%M").type == TIME
    assert parsed(text, "%d.%m.%Y %H").type == DATETIME


def test_formats_that_differ_from_record_to_record_are_each_obeyed() -> None:
    first, text = column(["03.04.2015", "5:06", "x", "2015", None], V_WSTRING)
    second, form = column(["%d.%m.%Y", "%H:%M", "%Y", None, "%Y"], V_WSTRING, 1)
    got, reported = told(date_parsing.parsed(text, form, literal(""), _YEAR), first, second)
    assert got == ["2015-04-03", "05:06:00", None, None, None]
    assert reported == [None, None, '"x" does not fit the format "%Y"', None, None]


@pytest.mark.parametrize(
    "text", ["2015.03.04", "2015-03(04)", "[2015]+03^04", "2015$03|04", "2015\\03/04", "2015{}03<04>"]
)
def test_signs_in_a_format_stand_for_themselves(text: str) -> None:
    form = text.replace("2015", "%Y").replace("03", "%m").replace("04", "%d")
    assert one(text, form) == date(2015, 3, 4)
    assert one(text.replace("03", "x03"), form) is None
