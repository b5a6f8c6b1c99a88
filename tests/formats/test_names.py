"""Names of fields: valid, and different from each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyx.errors import WorkflowError
from openyx.fields import folded
from openyx.formats.names import valid


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        (["abc", "abc", "abc", "123", "123", "123"], ["abc", "abc2", "abc3", "123", "123_2", "123_3"]),
        (["a", "a", "a2"], ["a", "a3", "a2"]),
        (["a"] * 12, ["a", *(f"a{n}" for n in range(2, 10)), "a9_2", "a9_3", "a9_4"]),
        (["abc3", "abc3"], ["abc3", "abc4"]),
        (["x9", "x9"], ["x9", "x9_2"]),
        (["A", "a"], ["A", "a2"]),
        (["", "x", None], ["Field_1", "x", "Field_3"]),
        ([" a ", "a"], [" a ", "a"]),
    ],
)
def test_headings_become(headings: list[str | None], names: list[str]) -> None:
    assert list(valid(headings).names) == names


def test_a_renamed_duplicate_is_told() -> None:
    assert valid(["abc", "ABC"]).warnings == ('There were multiple fields named "ABC".  The duplicate was renamed.',)


def test_names_are_cut_to_255_characters_numbers_included() -> None:
    first, second = valid(["x" * 300, "x" * 300]).names
    assert (first, second) == ("x" * 255, "x" * 254 + "2")


def test_more_than_32000_fields_are_refused() -> None:
    with pytest.raises(WorkflowError, match="32001 fields"):
        valid([None] * 32_001)


@given(st.lists(st.text(alphabet="aA2389_", max_size=4), max_size=30))
def test_names_are_always_different(headings: list[str]) -> None:
    names = valid(headings).names
    assert len({folded(name) for name in names}) == len(headings)
