"""Text to numbers against a plain reading of the rules, one character after the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.fields import BYTE, DOUBLE, FLOAT, INT16, INT32, INT64, V_WSTRING, FieldType

NUMERIC = st.text(alphabet="0123456789+-.,eEdDxX \t\nab٣", max_size=12)
NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.integers(0, 2**70).map(hex),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["inf", "-inf", "NaN", "nan", "infinity", "1_000", "0x", "0X", "1e", "1e+", "+", "-", ".", "-.5"]),
)
TEXTS = st.lists(st.one_of(NUMERIC, NUMBERS, st.text(max_size=5), st.none()), max_size=40)
RANGES = {
    "Byte": (0, 255),
    "Int16": (-(2**15), 2**15 - 1),
    "Int32": (-(2**31), 2**31 - 1),
    "Int64": (-(2**63), 2**63 - 1),
}


def span(text: str, start: int, allowed: str) -> int:
    """Where the run of *allowed* characters that begins at *start* ends."""
    while start < len(text) and text[start] in allowed:
        start += 1
    return start


def strtol(text: str) -> tuple[int | None, str]:
    if text[:2] in ("0x", "0X"):
        end = span(text, 2, "0123456789abcdefABCDEF")
        return (int(text[2:end], 16), text[end:]) if end > 2 else (0, text[1:])
    start = span(text, 0, " \t\n\v\f\r")
    digits = start + 1 if text[start : start + 1] in ("+", "-") else start
    end = span(text, digits, "0123456789")
    return (int(text[start:end]), text[end:]) if end > digits else (None, text)


def rest_message(text: str, rest: str) -> list[str]:
    if rest.startswith(","):
        return [f"{text} stopped converting at a comma. It might be invalid."]
    return [f"{text} lost information in translation"] if rest else []


def integer(text: str | None, kind: str) -> tuple[int | None, tuple[str, ...]]:
    if not text:
        return None, ()
    wide = "Int64" if kind == "Int64" else "Int32"
    number, rest = strtol(text)
    if number is None:
        return None, (f"{text} is not a number.",)
    if not RANGES[wide][0] <= number <= RANGES[wide][1]:
        return None, (f"{text} does not fit in an {wide}.",)
    said = rest_message(text, rest)
    if not RANGES[kind][0] <= number <= RANGES[kind][1]:
        return None, (*said, f"{number} does not fit in the type {kind}")
    return number, tuple(said)


def double(text: str | None, point: str) -> tuple[float | None, tuple[str, ...]]:
    if not text:
        return None, ()
    start = span(text, 0, " \t\r\n")
    sign = start + 1 if text[start : start + 1] in ("+", "-") else start
    whole = end = span(text, sign, "0123456789")
    if text[whole : whole + 1] == point:
        end = span(text, whole + 1, "0123456789")
    figures = (whole - sign) + (end - whole - 1 if end > whole else 0)
    if not figures:
        return None, (f"{text} is not a valid number.",)
    number = text[start:end].replace(point, ".")
    if text[end : end + 1] in ("e", "E", "d", "D") and end < len(text):
        power = end + 2 if text[end + 1 : end + 2] in ("+", "-") else end + 1
        stop = span(text, power, "0123456789")
        if stop > power:
            number, end = number + "e" + text[end + 1 : stop], stop
    return float(number), tuple(rest_message(text, text[end:]))


@pytest.mark.parametrize("to", [BYTE, INT16, INT32, INT64], ids=str)
@settings(max_examples=60, deadline=None)
@given(texts=TEXTS)
def test_integers_are_read_as_strtol_reads_them(converted: Any, to: FieldType, texts: list[str | None]) -> None:
    assert converted(texts, V_WSTRING, to) == [integer(text, to.kind.value) for text in texts]


@pytest.mark.parametrize("comma", [False, True])
@settings(max_examples=60, deadline=None)
@given(texts=TEXTS)
def test_doubles_are_read_as_far_as_they_go(converted: Any, comma: bool, texts: list[str | None]) -> None:
    found = converted(texts, V_WSTRING, DOUBLE, comma_decimal=comma)
    assert found == [double(text, "," if comma else ".") for text in texts]


def test_more_digits_than_a_double_has_are_rounded_once(converted: Any) -> None:
    texts = ["20.962866", "9007199254740993", "0.1000000000000000055511151231257827021181583404541015625"]
    assert [value for value, _ in converted(texts, V_WSTRING, DOUBLE)] == [float(text) for text in texts]


def test_a_float_is_read_as_a_double_and_then_made_single(converted: Any) -> None:
    assert converted(["0.1", "1e39", "abc"], V_WSTRING, FLOAT) == [
        (0.10000000149011612, ()),
        (float("inf"), ()),
        (None, ("abc is not a valid number.",)),
    ]


def test_a_number_beyond_all_doubles_is_infinite(converted: Any) -> None:
    assert converted(["1e999", "-1e999"], V_WSTRING, DOUBLE) == [(float("inf"), ()), (float("-inf"), ())]
