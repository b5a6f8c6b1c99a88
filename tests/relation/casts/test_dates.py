"""Text to dates and times against Python's calendar."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.errors import NotYet
from openyx.fields import DATE, DATETIME, TIME, V_WSTRING, FieldType

DATES = st.dates(dt.date(1300, 1, 1)).map(str)
TIMES = st.times().map(lambda time: time.strftime("%H:%M:%S"))
NOISE = st.sampled_from(["", " ", "T", "x", ".5", "Z", " 10:00:00", "é"])
TEXTS = st.one_of(
    st.tuples(DATES, NOISE, st.one_of(TIMES, st.just("")), NOISE).map("".join),
    st.tuples(TIMES, NOISE).map("".join),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?", fullmatch=True),
    st.text(max_size=12),
    st.none(),
)
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


def date(text: str) -> dt.date | None:
    head = text[:10]
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", head):
        return None
    try:
        found = dt.date.fromisoformat(head)
    except ValueError:
        return None
    return found if found.year >= 1400 else None


def datetime(text: str) -> dt.datetime | None:
    if len(text) == 10:
        text += " 00:00:00"
    text = text[:19]
    if date(text) is None or not re.fullmatch(f" {CLOCK}", text[10:]):
        return None
    return dt.datetime.fromisoformat(text)


def time(text: str) -> dt.time | None:
    text = text[11:] if len(text) == 19 and date(text) else text[:8]
    return dt.time.fromisoformat(text) if re.fullmatch(CLOCK, text) else None


@pytest.mark.parametrize(
    ("to", "model"), [(DATE, date), (DATETIME, datetime), (TIME, time)], ids=["Date", "DateTime", "Time"]
)
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, max_size=40))
def test_only_iso_text_is_a_date(converted: Any, to: FieldType, model: Any, texts: list[str | None]) -> None:
    for text, (found, said) in zip(texts, converted(texts, V_WSTRING, to), strict=True):
        value = model(text) if text else None
        assert found == value
        assert said == (() if value is not None or not text else (f'"{text}" is not a valid {to.kind}',))


def test_a_larger_field_keeps_fractions_of_a_second(converted: Any) -> None:
    fine = FieldType.of("DateTime", 23)
    texts = ["2026-11-24 10:20:30.1234", "2026-11-24 10:20:30", "2026-11-24"]
    moments = [value for value, _ in converted(texts, V_WSTRING, fine)]
    assert moments == [
        dt.datetime.fromisoformat("2026-11-24 10:20:30.123"),
        dt.datetime.fromisoformat("2026-11-24 10:20:30"),
        dt.datetime.fromisoformat("2026-11-24 00:00:00"),
    ]
    shown = [value for value, _ in converted(moments, fine, V_WSTRING)]
    assert shown == ["2026-11-24 10:20:30.123", "2026-11-24 10:20:30.000", "2026-11-24 00:00:00.000"]


def test_more_than_six_fractional_digits_are_not_yet_held(converted: Any) -> None:
    with pytest.raises(NotYet, match="more than 6 fractional digits"):
        converted(["2026-11-24"], V_WSTRING, FieldType.of("DateTime", 27))
