"""Make Group."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.join.make_group import MakeGroup

PAIRS = MakeGroup(first="a", second="b")


def test_keys_that_a_chain_of_pairs_connects_are_one_group_named_by_the_smallest() -> None:
    people = table("a: String(3), b: V_String(3)", "Eve, Dan", "Bob, Ann", "Cid, Dan", "Flo, Flo", "Cid, Bob")
    assert run(PAIRS, people).table == table(
        "Group: V_String(3), Key: V_String(3)",
        "Ann, Ann",
        "Ann, Bob",
        "Ann, Cid",
        "Ann, Dan",
        "Ann, Eve",
        "Flo, Flo",
    )


def test_a_null_connects_nothing() -> None:
    ran = run(PAIRS, table("a: Int32, b: Int64", "10,", "9,", ",", ", 8"))
    assert ran.table == table("Group: Int64, Key: Int64", "8, 8", "9, 9", "10, 10")


def test_a_long_chain_is_one_group() -> None:
    chain = table("a: Int32, b: Int32", *(f"{number + 1}, {number}" for number in range(2_000)))
    found = run(PAIRS, chain).table.rows
    assert len(found) == 2_001
    assert {group for group, _ in found} == {0}


def test_no_records_make_no_groups() -> None:
    assert run(PAIRS, table("a: Int32, b: Int32")).table.rows == ()


def test_keys_must_be_there_and_have_an_order() -> None:
    with pytest.raises(WorkflowError, match='"b" is not contained'):
        run(PAIRS, table("a: Int32"))
    with pytest.raises(WorkflowError, match='"b" is a Blob'):
        run(PAIRS, table("a: Int32, b: Blob"))
