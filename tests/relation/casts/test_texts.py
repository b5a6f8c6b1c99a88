"""Text into fields: cut by code units, and made narrow."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.fields import V_STRING, V_WSTRING, FieldType

TEXTS = st.lists(st.one_of(st.text(max_size=8), st.text(alphabet="aé€😀", max_size=8), st.none()), max_size=40)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS, size=st.integers(1, 8))
def test_wide_text_is_cut_by_utf_16_units(converted: Any, texts: list[str | None], size: int) -> None:
    for text, (found, said) in zip(texts, converted(texts, V_WSTRING, FieldType.of("WString", size)), strict=True):
        units = b"" if text is None else text.encode("utf-16-le")
        if len(units) <= 2 * size:
            assert (found, said) == (text, ())
        else:
            assert found is not None
            assert found == units[: 2 * size].decode("utf-16-le", errors="ignore")
            assert said == (f'"{text}" was truncated',)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS)
def test_narrow_text_is_latin_1(converted: Any, texts: list[str | None]) -> None:
    for text, (found, said) in zip(texts, converted(texts, V_WSTRING, V_STRING), strict=True):
        if text is None or all(character <= "\xff" for character in text):
            assert (found, said) == (text, ())
        else:
            assert said == (f'"{text}" could not be fully converted from a WString to a String.',)
            assert len(found.encode("latin-1")) == len(text.encode("utf-16-le")) // 2


def test_marks_are_taken_off_what_latin_1_has_no_place_for(converted: Any) -> None:
    (shown, _), (plain, _) = converted(["Łódź – “naïve”…", "ÄÖÜß"], V_WSTRING, V_STRING)
    assert (shown, plain) == ('Lódz - "naïve".', "ÄÖÜß")


def test_narrow_text_is_cut_after_it_was_made_narrow(converted: Any) -> None:
    assert converted(["‘abc’"], V_WSTRING, FieldType.of("String", 4)) == [
        ("'abc", ('"‘abc’" could not be fully converted from a WString to a String.', "\"'abc'\" was truncated")),
    ]


def test_a_wider_field_of_the_same_kind_says_nothing(converted: Any) -> None:
    assert converted(["abc"], FieldType.of("String", 3), FieldType.of("V_WString", 3)) == [("abc", ())]
