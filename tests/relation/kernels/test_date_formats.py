"""Writing dates in formats, against strftime."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, TIME, V_WSTRING, FieldType
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels import date_formats
from tests.relation.kernels.moments import column, moments, told, values


def written(moment: Expr, form: str, zone: str = "") -> Expr:
    return date_formats.formatted(moment, literal(form), literal(""), literal(zone), UTC)


@pytest.mark.parametrize("letter", "aAbBCdDehHIjklmMpPSTuUwWyY")
def test_a_specifier_writes_what_strftime_writes(letter: str) -> None:
    given = moments()
    series, moment = column(given, DATETIME)
    assert values(written(moment, f"%{letter}"), series) == [one.strftime(f"%{letter}") for one in given]


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("%d-%m-%Y", "02-04-2008"),
        ("%A, %d %B, %Y", "Wednesday, 02 April, 2008"),
        ("%a, %B %d, %Y", "Wed, April 02, 2008"),
        ("%e/%m", " 2/04"),
        ("Q%%: 100%", "Q%: 100%"),
        ("Zürich {} %Y %%Y", "Zürich {} 2008 %Y"),
        ("", ""),
        ("%H%M%S", "000000"),
        ("%c", "Wed Apr  2 00:00:00 2008"),
        ("%x %X", "04/02/08 00:00:00"),
        ("%S.%3", "00.000"),
    ],
)
def test_a_date_is_written_in_a_format(form: str, wanted: str) -> None:
    series, moment = column([date(2008, 4, 2), None], DATE)
    assert values(written(moment, form), series) == [wanted, None]


@pytest.mark.parametrize("digits", range(1, 19))
def test_fractions_are_cut_or_filled_to_their_digits(digits: int) -> None:
    series, moment = column([datetime.fromisoformat("2008-04-02 01:02:03.987654")], FieldType.of("DateTime", 26))
    assert values(written(moment, f"%S.%{digits}|"), series) == ["03." + "987654000000000000"[:digits] + "|"]


def test_a_time_has_hours_and_no_days() -> None:
    series, moment = column([time(13, 5, 6), None], TIME)
    assert values(written(moment, "%I:%M %p"), series) == ["01:05 PM", None]
    assert told(written(moment, "%d"), series) == ([None, None], ['"13:05:06" has no date', None])


def test_an_unknown_specifier_is_an_error_of_each_record() -> None:
    series, moment = column([date(2008, 4, 2), None], DATE)
    got = told(written(moment, "%Y %Q"), series)
    assert got == ([None, None], ['"%Q" is not a specifier of DateTimeFormat', None])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Asia/Kolkata"])
@pytest.mark.parametrize("letter", "zZ")
def test_a_zone_is_written_as_it_is_at_that_time(zone: str, letter: str) -> None:
    given = [one for one in moments() if one.year > 1900]
    series, moment = column(given, DATETIME)
    wanted = [one.replace(tzinfo=ZoneInfo(zone)).strftime(f"%{letter}") for one in given]
    assert values(written(moment, f"%{letter}", zone), series) == wanted


def test_formats_that_differ_from_record_to_record_are_each_obeyed() -> None:
    first, moment = column(["2008-04-02", "13:05:06", "2008-04-02 01:02:03.45", "02.04.2008", None], V_WSTRING)
    second, form = column(["%d.%m.", "%H", "%S.%1", "%Y", "%Y"], V_WSTRING, 1)
    expr = date_formats.formatted(moment, form, literal(""), literal(""), UTC)
    got, reported = told(expr, first, second)
    assert got == ["02.04.", "13", "03.4", None, None]
    assert reported == [None, None, None, '"02.04.2008" is not a valid Date', None]


def test_more_digits_than_a_field_holds_matter_only_where_they_are_written() -> None:
    series, moment = column(["2008-04-02 01:02:03.123456789"], V_WSTRING)
    assert values(written(moment, "%H:%M:%S"), series) == ["01:02:03"]
    with pytest.raises(NotYet, match="6 fractional digits"):
        told(written(moment, "%9"), series)


@pytest.mark.parametrize("language", ["Deutsch", "Français", "日本語"])
def test_names_in_other_languages_are_refused_by_name(language: str) -> None:
    _, moment = column([date(2008, 4, 2)], DATE)
    with pytest.raises(NotYet, match=re.escape(language)):
        date_formats.formatted(moment, literal("%B"), literal(language), literal(""), UTC)
    date_formats.spoken(" english ", "DateTimeFormat")
