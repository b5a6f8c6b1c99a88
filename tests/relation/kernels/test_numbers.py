"""Arithmetic: exact in 64 bits while it fits, a double beyond, in step with Python's numbers."""

from __future__ import annotations

from functools import reduce

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.fields import DOUBLE, INT16, INT64, V_WSTRING, Field, FieldType
from openyx.relation.convert import convert
from openyx.relation.expr import Expr, field, literal, null
from openyx.relation.kernels.numbers import calculated, double, number, whole

INTEGERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-9, 9), st.integers(2**62, 2**63 - 1))
LINKS = st.lists(st.tuples(st.sampled_from("+-*"), INTEGERS), min_size=1, max_size=4)


def _as_the_language_says(left: float, link: tuple[str, int]) -> int | float:
    sign, right = link
    exact: int | float
    match sign:
        case "+":
            exact, near = left + right, float(left) + float(right)
        case "-":
            exact, near = left - right, float(left) - float(right)
        case _:
            exact, near = left * right, float(left) * float(right)
    return exact if isinstance(left, int) and -(2**63) <= exact < 2**63 else near


@given(INTEGERS, LINKS)
@settings(max_examples=300, deadline=None)
def test_integers_stay_exact_until_64_bits_do_not_hold_them(first: int, links: list[tuple[str, int]]) -> None:
    wanted: float = first
    for link in links:
        wanted = _as_the_language_says(wanted, link)
    names = [f"n{place}" for place in range(len(links) + 1)]
    row = (first, *(value for _, value in links))
    frame = pl.DataFrame([row], schema=dict.fromkeys(names, pl.Int64), orient="row")
    fields = [field(Field(name, INT64)) for name in names]
    result = calculated(fields[0], [(sign, one) for (sign, _), one in zip(links, fields[1:], strict=True)])
    spill = pl.lit(None) if result.spill is None else result.spill
    exact, rounded = frame.select(v=result.native, s=spill).row(0)
    assert (rounded if exact is None else exact) == wanted
    assert isinstance(wanted, int) is (exact is not None)
    constants = calculated(literal(first), [(sign, literal(value)) for sign, value in links])
    assert constants.value() == wanted


def test_small_integers_need_no_look() -> None:
    small = field(Field("n", INT16))
    result = calculated(small, [("*", small), ("+", small), ("-", literal(7))])
    assert result.spill is None
    assert result.bounds == (-(2**15) * (2**15 - 1) - 2**15 - 7, 2**30 + 2**15 - 1 - 7)


def test_long_chains_give_what_short_ones_give() -> None:
    frame = pl.DataFrame({"x": [0.1, None, 1e16]})
    x = field(Field("x", DOUBLE))
    result = calculated(x, [("+", x)] * 500)
    wanted = reduce(lambda total, _: total + 0.1, range(500), 0.1)
    assert frame.select(v=result.native)["v"].to_list()[:2] == [wanted, None]


@pytest.mark.parametrize("links", [20, 200])
def test_long_chains_of_integers_become_doubles_where_they_must(links: int) -> None:
    frame = pl.DataFrame({"n": [1, None, 2**62, -(2**62)]}, schema={"n": pl.Int64})
    n = field(Field("n", INT64))
    result = calculated(n, [("+", n)] * links)
    assert result.spill is not None
    made = frame.select(exact=result.native, spill=result.spill)
    assert made["exact"].to_list() == [links + 1, None, None, None]
    assert made["spill"].to_list() == [None, None, 2.0**62 * (links + 1), -(2.0**62) * (links + 1)]


def test_what_a_chain_of_integers_is_made_of_does_not_double_with_each_link() -> None:
    n = field(Field("n", INT64))
    lengths = [len(calculated(n, [("+", n)] * links).native.meta.root_names()) for links in (10, 20, 40)]
    assert lengths[2] < 10 * lengths[1] < 100 * lengths[0]


@pytest.mark.parametrize(("value", "cut"), [(2.9, 2), (-2.9, -2), (1e300, None), (float("inf"), None), (None, None)])
def test_whole_numbers_are_cut_toward_zero(value: float | None, cut: int | None) -> None:
    frame = pl.DataFrame({"x": [value]}, schema={"x": pl.Float64})
    assert frame.select(v=whole(field(Field("x", DOUBLE))).native)["v"].to_list() == [cut]


def test_a_decimal_becomes_the_nearest_double() -> None:
    money = field(Field("m", FieldType.of("FixedDecimal", 30, 10)))
    frame = pl.DataFrame({"m": ["1234567890123456.7890123456"]}).cast(pl.Decimal(38, 10))
    assert frame.select(v=number(money).native)["v"].to_list() == [1234567890123456.7890123456]


def test_the_sum_of_nulls_is_the_null_that_fits_everywhere() -> None:
    assert calculated(null(), [("+", null())]).void
    assert calculated(null(), [("+", literal(1))]).value() is None


def test_what_spilt_converts_as_the_double_it_is() -> None:
    n = field(Field("n", INT64))
    frame = pl.DataFrame({"n": [2**62, 1]})
    total = calculated(n, [("+", n), ("+", n)])
    shown: Expr = convert(total, V_WSTRING)
    assert frame.select(v=shown.native)["v"].to_list() == ["1.38350580552822e+19", "3"]
    assert frame.select(v=double(total).native)["v"].to_list() == [3 * 2.0**62, 3.0]
