"""FixedDecimal from text and doubles against Python's decimals."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openyx.fields import DOUBLE, INT64, V_WSTRING, FieldType

TYPES = [FieldType.of("FixedDecimal", *size) for size in ((19, 2), (19, 6), (5, 0), (4, 2), (38, 10), (39, 37))]
EXACT = Context(prec=1100)
TEXTS = st.one_of(
    st.text(alphabet="0123456789+-., eE", max_size=10),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda number: f"{number:f}"),
    st.decimals(-1000, 1000, places=2).map(str),
    st.from_regex(r"[+-]?[0-9]{0,20}(\.[0-9]{1,20})?", fullmatch=True),
    st.none(),
)


def written(value: Decimal, to: FieldType) -> str:
    return f"{value:.{to.scale}f}"


def rounded(value: Decimal, to: FieldType, rounding: str) -> Decimal:
    return EXACT.add(value.quantize(Decimal(1).scaleb(-to.scale), rounding, EXACT), 0)


def from_text(text: str | None, to: FieldType) -> tuple[Decimal | None, tuple[str, ...]]:
    if not text:
        return None, ()
    if not re.fullmatch(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)", text):
        return None, (f'"{text}" is not a valid FixedDecimal. FixedDecimal values must be of the form: -nnn.nn',)
    value = rounded(Decimal(text), to, ROUND_HALF_UP)
    if len(written(value, to).removeprefix("-" if not value else "")) > to.size:
        return None, (f'"{text}" was too long to fit in this FixedDecimal',)
    if len(text.partition(".")[2]) > to.scale:
        return value, (f'"{text}" has too many digits after the decimal and was truncated.',)
    return value, ()


@pytest.mark.parametrize("to", TYPES, ids=str)
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, max_size=40))
def test_decimal_text_is_taken_strictly(converted: Any, to: FieldType, texts: list[str | None]) -> None:
    assert converted(texts, V_WSTRING, to) == [from_text(text, to) for text in texts]


@pytest.mark.parametrize("to", TYPES, ids=str)
@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.one_of(st.floats(allow_nan=False), st.floats(-(10**8), 10**8)), max_size=40))
@example(values=[1.005, 1.115, 0.285, 74.876925, 2.675, 0.125, 0.375, -0.001, 999.995, 1e300, float("inf")])
def test_doubles_are_rounded_by_their_exact_value(converted: Any, to: FieldType, values: list[float]) -> None:
    for value, (found, said) in zip(values, converted(values, DOUBLE, to), strict=True):
        exact = None
        if abs(value) < 1e40:
            exact = rounded(Decimal(value), to, ROUND_HALF_EVEN)
            exact = exact if len(written(exact, to)) <= to.size else None
        assert found == exact
        assert bool(said) == (exact is None)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40))
def test_whole_numbers_get_zeros_behind_the_point(converted: Any, values: list[int]) -> None:
    to = FieldType.of("FixedDecimal", 19, 2)
    for value, (found, said) in zip(values, converted(values, INT64, to), strict=True):
        fits = len(f"{value}.00") <= 19
        assert found == (Decimal(value) if fits else None)
        assert said == (() if fits else (f'"{value}" does not fit in Fixed Decimal 19.2',))
