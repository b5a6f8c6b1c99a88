"""Tables written as text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openyx.relation.run import Keep, run
from openyx.testing import records, table


def test_cells_have_the_types_of_their_fields() -> None:
    found = table(
        "a: Int32, b: String(5), c: Bool, d: Date, e: FixedDecimal(19.2), f: Double, g: Blob",
        "1, x, True, 2026-11-24, 1.50, 0.5, ff",
    )
    assert found.rows == ((1, "x", True, date(2026, 11, 24), Decimal("1.50"), 0.5, b"\xff"),)
    assert [str(field.type) for field in found.schema][1:5] == ["String(5)", "Bool", "Date", "FixedDecimal(19.2)"]


def test_an_empty_cell_is_null_and_two_quotes_are_an_empty_text() -> None:
    assert table("a: String, b: String, c: String", ', "", x').rows == ((None, "", "x"),)


def test_quotes_keep_commas_blanks_and_doubled_quotes() -> None:
    assert table("a: String, b: String", '" a, b ", "say ""hi"""').rows == ((" a, b ", 'say "hi"'),)


def test_one_field_may_be_null() -> None:
    assert table("a: Int32", "", "1").rows == ((None,), (1,))


@pytest.mark.parametrize("row", ["1", "1, 2, 3", "1, 2,", ""])
def test_a_row_has_a_cell_for_each_field(row: str) -> None:
    with pytest.raises(ValueError, match="has"):
        table("a: Int32, b: Int32", row)


def test_a_field_needs_a_type() -> None:
    with pytest.raises(ValueError, match="no list of fields"):
        table("a, b: Int32")


def test_equality_looks_at_names_types_order_and_at_sizes_that_were_written() -> None:
    assert table("a: String", "x") == table("a: String(3)", "x")
    assert table("a: String(2)", "x") != table("a: String(3)", "x")
    assert table("a: String", "x") != table("a: V_String", "x")
    assert table("a: String", "x") != table("A: String", "x")
    assert table("a: Int32", "1", "2") != table("a: Int32", "2", "1")


def test_a_table_goes_through_the_engine_unchanged() -> None:
    given = table("a: Int32, b: V_WString(20), c: DateTime", "1, Zoë, 2026-01-01 10:00:00", ', "", ')
    (kept,) = run([Keep(given.relation)]).results
    assert not isinstance(kept, int)
    assert records(kept) == given
    assert repr(given) == (
        "table('a: Int32, b: V_WString(20), c: DateTime', '1, Zoë, 2026-01-01 10:00:00', ', \"\", ')"
    )
