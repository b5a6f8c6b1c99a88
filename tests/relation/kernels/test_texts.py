"""Folding, ordering and measuring text."""

from __future__ import annotations

import sys

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.fields import INT64, V_WSTRING, Field
from openyx.relation.expr import Expr, field, literal
from openyx.relation.kernels.strings import titled
from openyx.relation.kernels.texts import folded, ranked
from openyx.relation.kernels.units import found, length, prefix, suffix, units, window

TEXT = field(Field("t", V_WSTRING))
LETTERS = st.text(st.sampled_from("aAbBßẞſςσΣİıǅéÉΐﬀK🏈Ａ\ue000\uffff\U0010ffff z'9-"), max_size=8)


def over(expr: Expr, values: list[str | None]) -> list[object]:
    return pl.DataFrame({"t": values}, schema={"t": pl.String}).select(v=expr.native)["v"].to_list()


@given(st.lists(LETTERS, max_size=6))
@settings(deadline=None)
def test_folding_is_full_unicode_folding(values: list[str]) -> None:
    assert over(folded(TEXT), [*values, None]) == [*(value.casefold() for value in values), None]


def test_every_character_that_both_know_folds_as_unicode_says() -> None:
    # The engine's tables are younger than Python's: letters that are new there are left out.
    known = [chr(place) for place in range(sys.maxunicode + 1) if not 0xD800 <= place < 0xE000]
    got = over(folded(TEXT), [*known])
    wrong = [one for one, fold in zip(known, got, strict=True) if fold != one.casefold() and one.isalpha()]
    assert wrong == []


@given(LETTERS, LETTERS)
@settings(max_examples=300, deadline=None)
def test_the_rank_orders_by_utf_16_unit(one: str, other: str) -> None:
    left, right = over(ranked(TEXT), [one, other])
    wanted = one.casefold().encode("utf-16-be") < other.casefold().encode("utf-16-be")
    assert (str(left) < str(right)) == wanted


@given(LETTERS, st.integers(-3, 12), st.integers(-3, 12))
@settings(max_examples=200, deadline=None)
def test_positions_count_utf_16_units(value: str, start: int, end: int) -> None:
    encoded = value.encode("utf-16-le")

    def cut(first: int, last: int) -> str:
        return encoded[2 * first : 2 * max(first, last)].decode("utf-16-le", errors="replace")

    assert over(length(TEXT), [value]) == [units(value)] == [len(encoded) // 2]
    assert over(window(TEXT, literal(start), literal(end)), [value]) == [cut(max(start, 0), max(end, 0))]
    assert over(prefix(TEXT, literal(start)), [value]) == [cut(0, start) if start >= 0 else value]
    last = min(max(start, 0), units(value)) if start >= 0 else units(value)
    assert over(suffix(TEXT, literal(start)), [value]) == [cut(units(value) - last, units(value))]


@given(LETTERS, LETTERS)
@settings(deadline=None)
def test_a_part_is_found_where_it_stands(value: str, part: str) -> None:
    place = value.find(part)
    wanted = units(value[:place]) if place >= 0 else -1
    assert over(found(TEXT, literal(part)), [value]) == [wanted]
    column = pl.DataFrame({"t": [value], "p": [part]}).select(v=found(TEXT, field(Field("p", V_WSTRING))).native)
    assert column["v"].to_list() == [wanted]


@given(st.text(st.sampled_from("abC 1'-_."), max_size=10))
@settings(deadline=None)
def test_title_case_is_the_same_in_either_way(value: str) -> None:
    # A letter beyond ASCII beside it sends the whole batch the slow way.
    assert over(titled(TEXT), [value])[0] == over(titled(TEXT), [value, "é"])[0]


def test_a_number_stays_an_integer() -> None:
    assert length(TEXT).type == INT64
