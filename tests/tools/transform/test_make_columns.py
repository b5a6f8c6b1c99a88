"""Make Columns."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.transform.make_columns import MakeColumns


def test_records_fill_rows_from_left_to_right() -> None:
    ran = run(MakeColumns(count=2), table("x: String(2), n: Byte", "a, 1", "b, 2", "c, 3"))
    assert ran.table == table(
        "Column_1_x: String(2), Column_1_n: Byte, Column_2_x: String(2), Column_2_n: Byte", "a, 1, b, 2", "c, 3, , "
    )


def test_or_columns_from_top_to_bottom() -> None:
    ran = run(MakeColumns(count=2, horizontal=False), table("x: String(2)", "a", "b", "c", "d", "e"))
    assert ran.table == table("Column_1_x: String(2), Column_2_x: String(2)", "a, d", "b, e", "c, ")


@pytest.mark.parametrize(
    ("horizontal", "rows"), [(True, ("a, b, d", "b, a, c", "b, e, ")), (False, ("a, b, d", "b, a, e", "b, c, "))]
)
def test_each_group_begins_a_row(rows: tuple[str, ...], *, horizontal: bool) -> None:
    tool = MakeColumns(count=2, horizontal=horizontal, groups=("G",))
    ran = run(tool, table("g: String(1), x: String(2)", "b, a", "a, b", "b, c", "a, d", "b, e"))
    assert ran.table == table("g: String(1), Column_1_x: String(2), Column_2_x: String(2)", *rows)


def test_more_columns_than_records_leave_nulls() -> None:
    for horizontal in (True, False):
        ran = run(MakeColumns(count=3, horizontal=horizontal), table("x: Byte", "7"))
        assert ran.table.rows == ((7, None, None),)


def test_no_record_gives_none() -> None:
    assert run(MakeColumns(count=2), table("x: Byte")).table == table("Column_1_x: Byte, Column_2_x: Byte")


def test_the_number_of_columns_has_bounds() -> None:
    with pytest.raises(WorkflowError, match="must be from 1 to"):
        run(MakeColumns(count=0), table("x: Byte"))
