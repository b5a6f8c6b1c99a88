"""Two tables are the same when people would say so, and what differs is told."""

from __future__ import annotations

import pytest

from openyx.cli.scoring.tables import compared, paired
from openyx.relation.run import Keep, run
from openyx.relation.table import Table
from openyx.testing import table


def made(fields: str, *rows: str) -> Table:
    return run([Keep(table(fields, *rows).relation)]).table(0)


def test_numbers_are_compared_as_numbers_whatever_their_types() -> None:
    assert compared(made("a: Double", "1.5", "2"), made("a: V_String", "1.50", "2.0")).equal


def test_numbers_may_lie_a_millionth_apart_and_no_more() -> None:
    assert compared(made("a: Double", "1000000"), made("a: Double", "1000000.5")).equal
    assert not compared(made("a: Double", "1000000"), made("a: Double", "1000002")).equal


def test_the_digits_of_texts_are_no_numbers() -> None:
    assert not compared(made("zip: String", "01234"), made("zip: String", "1234")).equal


def test_null_and_empty_text_are_the_same() -> None:
    assert compared(made("a: String, b: Int32", "x, 1", ", 2"), made("a: String, b: Int32", "x, 1", '"", 2')).equal


def test_a_date_is_its_text_and_the_same_at_midnight() -> None:
    assert compared(made("a: Date", "2024-05-01"), made("a: V_String", "2024-05-01")).equal
    assert compared(made("a: Date", "2024-05-01"), made("a: DateTime", "2024-05-01 00:00:00")).equal


def test_another_order_of_records_is_noted() -> None:
    difference = compared(made("a: Int32", "1", "2", "2"), made("a: Int32", "2", "1", "2"))
    assert difference.equal
    assert difference.notes == ("another order of records",)


def test_how_often_a_record_stands_there_counts() -> None:
    difference = compared(made("a: Int32", "1", "2", "2"), made("a: Int32", "1", "1", "2"))
    assert (difference.equal, difference.what) == (False, "other values")


def test_records_in_another_order_may_have_numbers_that_lie_apart() -> None:
    expected = made("k: String, n: Double", "x, 0.1", "x, 0.2", "y, 0.3")
    computed = made("k: String, n: Double", "y, 0.30000000001", "x, 0.20000000001", "x, 0.1")
    assert compared(expected, computed).equal


def test_another_number_of_records_is_told() -> None:
    difference = compared(made("a: Int32", "1", "2"), made("a: Int32", "1"))
    assert difference.what == "another number of records"
    assert "1 records, expected 2" in difference.detail


def test_names_and_types_that_differ_are_noted() -> None:
    difference = compared(made("a: Int32, b: Int32", "1, 2"), made("b: V_String, c: Int32", "2, 1"))
    assert difference.equal
    assert set(difference.notes) == {
        "another order of fields",
        'the field "a" is called "c"',
        'the field "b" is V_String, expected Int32',
    }


@pytest.mark.parametrize(
    ("expected", "computed", "pairs"),
    [
        (["A", "b"], ["B", "a", "c"], [("A", "a"), ("b", "B")]),
        (["a", "x"], ["y", "a"], [("a", "a"), ("x", "y")]),
        (["a", "x"], ["a", "y", "z"], None),
    ],
)
def test_fields_pair_by_name_and_the_rest_by_place(
    expected: list[str], computed: list[str], pairs: list[tuple[str, str]] | None
) -> None:
    assert paired(expected, computed) == pairs
