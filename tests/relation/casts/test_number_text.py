"""Doubles as text against exact decimal arithmetic."""

from __future__ import annotations

import struct
from decimal import ROUND_HALF_EVEN, Context, Decimal

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openyx.relation.casts.number_text import FEW, text, texts

FINITE = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(1e-20, 1e20),
    st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=2).map(float),
    st.integers(-(10**17), 10**17).map(float),
    st.tuples(st.integers(1, 10**16), st.integers(-30, 10)).map(lambda pair: float(f"{pair[0]}5e{pair[1]}")),
)


def expected(value: float, digits: int = 15) -> str:
    """The rule, from the exact value."""
    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(Decimal(value))
    if not rounded:
        return "0"
    sign, found, exponent = rounded.as_tuple()
    figures = "".join(map(str, found)).rstrip("0")
    k = len(found) + int(exponent)
    if k >= 1:
        plain = figures.ljust(k, "0")
        plain = plain[:k] + ("." + plain[k:] if len(plain) > k else "")
    else:
        plain = "0." + "0" * -k + figures
    fits = -15 <= k <= 15 and len(plain.replace(".", "")) <= 15
    general = abs(rounded) >= Decimal("0.1") and abs(rounded) < Decimal(10) ** 15
    if not (fits or general):
        power = k - 1
        plain = f"{figures[0]}.{figures[1:]}e{'-' if power < 0 else '+'}{abs(power):02}"
    return "-" * sign + plain


def shown(values: list[float], dtype: type[pl.DataType] = pl.Float64, digits: int = 15) -> list[str]:
    """The texts of a column, which are the same in a long one."""
    found = texts(pl.Series(values, dtype=dtype), digits).to_list()
    long = values * (FEW // max(len(values), 1) + 1)
    assert texts(pl.Series(long, dtype=dtype), digits).to_list()[: len(values)] == found
    return found


@settings(max_examples=60, deadline=None)
@given(values=st.lists(FINITE, max_size=30))
@example(
    values=[0.1 + 0.2, 1 / 3, 1 / 15, 1e15, 1e14, 999999999999999.9, 0.05, 1e-10, -0.0, 5e-324, 0.5000000000000004]
)
def test_doubles_show_15_digits_of_their_exact_value(values: list[float]) -> None:
    assert shown(values) == [expected(value) for value in values]
    assert [text(value) for value in values] == [expected(value) for value in values]


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=30))
def test_floats_show_7_digits(values: list[float]) -> None:
    assert shown(values, pl.Float32, 7) == [expected(value, 7) for value in values]


def test_neighbours_of_a_half_way_point_round_by_their_exact_value() -> None:
    middle = struct.unpack("<q", struct.pack("<d", 0.1234567890123455))[0]
    values = [struct.unpack("<d", struct.pack("<q", middle + step))[0] for step in range(-200, 200)]
    assert shown(values) == [expected(value) for value in values]


@pytest.mark.parametrize(("value", "word"), [(float("inf"), "inf"), (float("-inf"), "-inf"), (float("nan"), "nan")])
def test_what_is_no_number_shows_as_a_word(value: float, word: str) -> None:
    assert text(value) == word
    assert texts(pl.Series([value, None])).to_list() == [word, None]
    assert texts(pl.Series([value, None] * FEW)).to_list() == [word, None] * FEW
