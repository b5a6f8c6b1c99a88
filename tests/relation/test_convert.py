"""Conversions between field types: the worked table, and the table of ways."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from openyx.errors import NotYet
from openyx.fields import (
    BOOL,
    BYTE,
    DATE,
    DATETIME,
    DOUBLE,
    FLOAT,
    INT16,
    INT32,
    INT64,
    TIME,
    V_STRING,
    V_WSTRING,
    FieldType,
)

MONEY = FieldType.of("FixedDecimal", 19, 2)
FIXED = FieldType.of("FixedDecimal", 19, 6)
BLOB = FieldType.of("Blob")
SPATIAL = FieldType.of("SpatialObj")
LOST = "lost information in translation"
COMMA = "stopped converting at a comma. It might be invalid."
NOT_FIXED = "is not a valid FixedDecimal. FixedDecimal values must be of the form: -nnn.nn"


def stamp(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> dt.datetime:
    """A moment as fields hold it: without a time zone."""
    return dt.datetime.combine(dt.date(year, month, day), dt.time(hour, minute, second))


Case = tuple[object, FieldType, FieldType, object, str | None]

WORKED: list[Case] = [
    ("12.5", V_STRING, INT32, 12, f"12.5 {LOST}"),
    (12.5, DOUBLE, INT32, 13, None),
    (-12.5, DOUBLE, INT32, -13, None),
    ("1,234", V_STRING, DOUBLE, 1.0, f"1,234 {COMMA}"),
    ("", V_STRING, INT32, None, None),
    ("", V_STRING, DOUBLE, None, None),
    ("", V_STRING, FIXED, None, None),
    (" 7", V_STRING, INT32, 7, None),
    ("7 ", V_STRING, INT32, 7, f"7  {LOST}"),
    ("0x1F", V_STRING, INT32, 31, None),
    ("0x1F", V_STRING, DOUBLE, 0.0, f"0x1F {LOST}"),
    ("abc", V_STRING, DOUBLE, None, "abc is not a valid number."),
    ("1e3", V_STRING, INT32, 1, f"1e3 {LOST}"),
    ("1e3", V_STRING, DOUBLE, 1000.0, None),
    (300, INT32, BYTE, None, "300 does not fit in the type Byte"),
    ("Yes", V_STRING, BOOL, False, None),
    ("true", V_STRING, BOOL, True, None),
    ("0", V_STRING, BOOL, False, None),
    ("5", V_STRING, BOOL, True, None),
    (True, BOOL, V_STRING, "True", None),
    (True, BOOL, INT32, 1, None),
    (0.1 + 0.2, DOUBLE, V_STRING, "0.3", None),
    (123456789.123456789, DOUBLE, V_STRING, "123456789.123457", None),
    (1e15, DOUBLE, V_STRING, "1.e+15", None),
    (1 / 15, DOUBLE, V_STRING, "6.66666666666667e-02", None),
    (0.00001, DOUBLE, V_STRING, "0.00001", None),
    (0.1, FLOAT, V_STRING, "0.1", None),
    ("1.005", V_STRING, MONEY, Decimal("1.01"), '"1.005" has too many digits after the decimal and was truncated.'),
    (1.005, DOUBLE, MONEY, Decimal("1.00"), None),
    ("2026-11-24 10:00:00", V_STRING, DATE, dt.date(2026, 11, 24), None),
    ("2026-02-30", V_STRING, DATE, None, '"2026-02-30" is not a valid Date'),
    ("Zürich", V_WSTRING, FieldType.of("V_WString", 3), "Zür", '"Zürich" was truncated'),
]

FURTHER: list[Case] = [
    ("-12.9", V_STRING, INT32, -12, f"-12.9 {LOST}"),
    ("abc", V_STRING, INT32, None, "abc is not a number."),
    ("   ", V_STRING, INT32, None, "    is not a number."),
    ("1,234", V_STRING, INT32, 1, f"1,234 {COMMA}"),
    ("12abc", V_STRING, INT32, 12, f"12abc {LOST}"),
    ("2147483648", V_STRING, INT32, None, "2147483648 does not fit in an Int32."),
    ("9223372036854775808", V_STRING, INT64, None, "9223372036854775808 does not fit in an Int64."),
    ("9223372036854775807", V_STRING, INT64, 2**63 - 1, None),
    ("300", V_STRING, BYTE, None, "300 does not fit in the type Byte"),
    (" 0x1F", V_STRING, INT32, 0, f" 0x1F {LOST}"),
    ("0xZ", V_STRING, INT32, 0, f"0xZ {LOST}"),
    ("12x", V_STRING, MONEY, None, f'"12x" {NOT_FIXED}'),
    ("5.", V_STRING, MONEY, None, f'"5." {NOT_FIXED}'),
    ("-.5", V_STRING, MONEY, Decimal("-0.50"), None),
    ("12345678901234567", V_STRING, MONEY, None, '"12345678901234567" was too long to fit in this FixedDecimal'),
    ("1234567890123456", V_STRING, MONEY, Decimal(1234567890123456), None),
    (True, BOOL, MONEY, None, f'"True" {NOT_FIXED}'),
    (12, INT32, MONEY, Decimal("12.00"), None),
    (10**17, INT64, MONEY, None, '"100000000000000000" does not fit in Fixed Decimal 19.2'),
    (1e17, DOUBLE, MONEY, None, '"1.e+17" does not fit in Fixed Decimal 19.2'),
    (74.876925, DOUBLE, FieldType.of("FixedDecimal", 19, 5), Decimal("74.87692"), None),
    (Decimal("12.50"), MONEY, INT32, 12, f"12.50 {LOST}"),
    (Decimal("12.50"), MONEY, DOUBLE, 12.5, None),
    (Decimal("12.50"), MONEY, V_STRING, "12.50", None),
    (Decimal("0.00"), MONEY, BOOL, False, None),
    (Decimal("0.10"), MONEY, BOOL, True, None),
    (
        Decimal("12.345000"),
        FIXED,
        MONEY,
        Decimal("12.35"),
        '"12.345000" has too many digits after the decimal and was truncated.',
    ),
    (2**52 + 1, INT64, DOUBLE, float(2**52 + 1), f"4503599627370497 {LOST}"),
    (2**52, INT64, DOUBLE, float(2**52), None),
    (2**23 + 1, INT32, FLOAT, float(2**23 + 1), f"8388609 {LOST}"),
    (5_000_000_000, INT64, BYTE, None, "5000000000 does not fit in the type Int32"),
    (-1, INT16, BYTE, None, "-1 does not fit in the type Byte"),
    (1e10, DOUBLE, INT16, None, "10000000000 does not fit in the type Int32"),
    (40000.0, DOUBLE, INT16, None, "40000 does not fit in the type Int16"),
    (2.0**63, DOUBLE, INT64, None, "9.22337203685478e+18 does not fit in the type Int64"),
    (-(2.0**63), DOUBLE, INT64, -(2**63), None),
    (0.5, DOUBLE, INT32, 1, None),
    (-0.4, DOUBLE, INT32, 0, None),
    (20261124, INT32, DATE, None, '"20261124" is not a valid Date'),
    (43.0, DOUBLE, DATE, None, '"43" is not a valid Date'),
    ("2026-11-24xyz", V_STRING, DATE, dt.date(2026, 11, 24), None),
    ("2026-2-3", V_STRING, DATE, None, '"2026-2-3" is not a valid Date'),
    ("1399-12-31", V_STRING, DATE, None, '"1399-12-31" is not a valid Date'),
    ("", V_STRING, DATE, None, None),
    ("2026-11-24", V_STRING, DATETIME, stamp(2026, 11, 24), None),
    ("2026-11-24 23:59:59.5", V_STRING, DATETIME, stamp(2026, 11, 24, 23, 59, 59), None),
    ("2026-11-24T10:00:00", V_STRING, DATETIME, None, '"2026-11-24T10:00:00" is not a valid DateTime'),
    ("2026-11-24 10:00:60", V_STRING, DATETIME, None, '"2026-11-24 10:00:60" is not a valid DateTime'),
    ("2026-11-24 10:20:30", V_STRING, TIME, dt.time(10, 20, 30), None),
    ("10:20:30 pm", V_STRING, TIME, dt.time(10, 20, 30), None),
    ("24:00:00", V_STRING, TIME, None, '"24:00:00" is not a valid Time'),
    (dt.date(2026, 11, 24), DATE, V_STRING, "2026-11-24", None),
    (dt.date(2026, 11, 24), DATE, DATETIME, stamp(2026, 11, 24), None),
    (dt.date(2026, 11, 24), DATE, TIME, None, '"2026-11-24" is not a valid Time'),
    (dt.date(2026, 11, 24), DATE, BOOL, True, None),
    (dt.date(2026, 11, 24), DATE, INT32, None, "2026-11-24 is not a number."),
    (stamp(2026, 11, 24, 10, 20, 30), DATETIME, DATE, dt.date(2026, 11, 24), None),
    (stamp(2026, 11, 24, 10, 20, 30), DATETIME, TIME, dt.time(10, 20, 30), None),
    (stamp(2026, 11, 24, 10, 20, 30), DATETIME, V_STRING, "2026-11-24 10:20:30", None),
    (dt.time(10, 20, 30), TIME, V_STRING, "10:20:30", None),
    (dt.time(0, 20, 30), TIME, BOOL, False, None),
    (dt.time(10, 20, 30), TIME, DATE, None, '"10:20:30" is not a valid Date'),
    ("hard’s", V_WSTRING, V_STRING, "hard's", '"hard’s" could not be fully converted from a WString to a String.'),
    ("日本", V_WSTRING, V_STRING, "??", '"日本" could not be fully converted from a WString to a String.'),
    ("Zürich", V_WSTRING, V_STRING, "Zürich", None),
    ("a😀", V_WSTRING, FieldType.of("WString", 2), "a", '"a😀" was truncated'),
    ("a😀", V_WSTRING, FieldType.of("WString", 3), "a😀", None),
    ("x" * 200, V_WSTRING, FieldType.of("V_WString", 150), "x" * 150, f'"{"x" * 97}..." was truncated'),
    ("x" * 200, V_WSTRING, FieldType.of("WString", 150), "x" * 150, f'"{"x" * 200}" was truncated'),
    (1 / 3, DOUBLE, FieldType.of("String", 5), "0.333", '"0.333333333333333" was truncated'),
    (7, INT32, BOOL, True, None),
    (0.0, DOUBLE, BOOL, False, None),
    (0.5, FLOAT, DOUBLE, 0.5, None),
    ('{"type": "Point", "coordinates": [1, 2]}', V_STRING, SPATIAL, '{"type": "Point", "coordinates": [1, 2]}', None),
    ("here", V_STRING, SPATIAL, None, '"here" is not a valid SpatialObj'),
    ("Zü", V_STRING, BLOB, b"Z\xfc", None),
    (b"Z", BLOB, V_STRING, None, "a Blob cannot be converted to a V_String"),
    (1, INT32, BLOB, None, "a Int32 cannot be converted to a Blob"),
]


@pytest.mark.parametrize(("value", "source", "to", "expected", "said"), WORKED + FURTHER)
def test_a_value_becomes(
    converted: Any, value: object, source: FieldType, to: FieldType, expected: object, said: str | None
) -> None:
    (found,) = converted([value], source, to)
    assert found == (expected, () if said is None else (said,))
    assert type(found[0]) is type(expected)


def test_a_computed_number_becomes_a_date_by_days_since_1899(converted: Any) -> None:
    assert converted([43.0], DOUBLE, DATE, computed=True) == [(dt.date(1900, 2, 11), ())]


def test_a_computed_time_is_rounded_to_the_second_and_the_day_never_carries(converted: Any) -> None:
    moments = converted([43.999999, 43.5, 0.0], DOUBLE, DATETIME, computed=True)
    assert [moment for moment, _ in moments] == [
        stamp(1900, 2, 11),
        stamp(1900, 2, 11, 12),
        stamp(1899, 12, 30),
    ]


def test_a_computed_date_outside_the_calendar_is_said_to_be_early_or_late(converted: Any) -> None:
    assert converted([-1.0, 2958466.0, 2958465.5], DOUBLE, DATE, computed=True) == [
        (None, ('"-1" is an invalid datetime - Earliest date supported is Dec 30, 1899 (0)',)),
        (None, ('"2958466" is an invalid datetime - Latest date supported is Dec 31, 9999 (2958466)',)),
        (dt.date(9999, 12, 31), ()),
    ]


def test_the_comma_switch_reads_and_writes_commas(converted: Any) -> None:
    assert converted(["1,5", "1.234,5", "1,5,"], V_STRING, DOUBLE, comma_decimal=True) == [
        (1.5, ()),
        (1.0, (f"1.234,5 {LOST}",)),
        (1.5, (f"1,5, {COMMA}",)),
    ]
    assert converted(["1,5", "1.5"], V_STRING, MONEY, comma_decimal=True) == [
        (Decimal("1.50"), ()),
        (None, (f'"1.5" {NOT_FIXED}',)),
    ]
    assert converted([1.5, 1e15], DOUBLE, V_STRING, comma_decimal=True) == [("1,5", ()), ("1,e+15", ())]
    assert converted([Decimal("1.5")], MONEY, V_STRING, comma_decimal=True) == [("1,50", ())]
    assert converted(["1,5"], V_STRING, INT32, comma_decimal=True) == [(1, (f"1,5 {COMMA}",))]


ALL = [BOOL, BYTE, INT16, INT32, INT64, MONEY, FLOAT, DOUBLE, V_STRING, V_WSTRING, DATE, TIME, DATETIME, BLOB, SPATIAL]


@pytest.mark.parametrize("to", ALL, ids=str)
@pytest.mark.parametrize("source", ALL, ids=str)
def test_null_stays_null_without_a_word(converted: Any, source: FieldType, to: FieldType) -> None:
    if {source, to} == {BLOB, SPATIAL}:
        with pytest.raises(NotYet):
            converted([None], source, to)
    else:
        assert converted([None, None], source, to) == [(None, ()), (None, ())]


def test_more_than_38_digits_are_not_yet_held(converted: Any) -> None:
    with pytest.raises(NotYet, match=r"FixedDecimal\(50\.2\)"):
        converted(["1"], V_STRING, FieldType.of("FixedDecimal", 50, 2))
