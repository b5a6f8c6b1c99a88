"""Regular lines, and what is not regular."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyx.formats.csv import Quotes
from openyx.formats.delimited.fast import Regular
from openyx.formats.delimited.fields import Splitter

LINES = st.lists(
    st.one_of(
        st.lists(
            st.sampled_from(["", "a", '""', '"x"', '"a,b"', '"a""b"', "é", " ", "'", "'q,q'", "''", '"\n"']), max_size=2
        ).map(",".join),
        st.text(alphabet="ab,\"'x^ é", max_size=6),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=500, deadline=None)
@given(lines=LINES, quotes=st.sampled_from(Quotes), width=st.integers(1, 3))
def test_where_the_engine_reads_it_reads_what_we_read(lines: list[str], quotes: Quotes, width: int) -> None:
    frame = Regular(("a", "b", "c")[:width], ",", quotes.value).frame(lines)
    if frame is not None:
        assert [list(row) for row in frame.rows()] == [Splitter(",", quotes).values(line) for line in lines]


@pytest.mark.parametrize("quotes", Quotes)
def test_ordinary_lines_are_regular(quotes: Quotes) -> None:
    frame = Regular(("a", "b"), ",", quotes.value).frame(["1,x", ",é", "3, "])
    assert frame is not None
    assert frame.rows() == [("1", "x"), (None, "é"), ("3", " ")]


def test_quoted_values_are_regular() -> None:
    frame = Regular(("a", "b"), ";", '"').frame(['"1;2";x', '"";"say ""hi"""', "a,b;"])
    assert frame is not None
    assert frame.rows() == [("1;2", "x"), ("", 'say "hi"'), ("a,b", None)]


def test_nothing_is_regular_where_a_quote_is_a_delimiter() -> None:
    lines = ['a"b', 'c"d']
    assert Regular(("a", "b"), '"', '"').frame(lines) is None
    assert Regular(("a", "b"), '"', '"').frame_of("\n".join(lines).encode()) is None


def test_whole_lines_are_regular() -> None:
    frame = Regular(("a",), "", '"').frame(["1,2", "", "x^"])
    assert frame is not None
    assert frame.rows() == [("1,2",), (None,), ("x^",)]


@pytest.mark.parametrize("line", ["1", "1,2,3", "", '1,5" pipe', '1,"x', '1,"x"y', "1,\0", ' "1",2'], ids=ascii)
@pytest.mark.parametrize("before", [[], ["1,2"]])
def test_irregular_lines_are_left_to_the_rules(line: str, before: list[str]) -> None:
    assert Regular(("a", "b"), ",", '"').frame([*before, line]) is None


@pytest.mark.parametrize("line", ["x^,b", "x\x01,b", "x\u0681,b", "x\u06bf,b", "\ufeff,b"], ids=ascii)
def test_what_looks_like_another_file_is_left_to_the_rules(line: str) -> None:
    assert Regular(("a", "b"), ",", '"').frame([line]) is None
