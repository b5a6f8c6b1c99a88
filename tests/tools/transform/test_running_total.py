"""Running Total."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.transform.running_total import RunningTotal

SALES = table("item: String(5), n: Byte, price: FixedDecimal(19.2)", "b, 200, 0.10", "a, 1, ", "b, 100, 0.20", "a, , 5")


def test_totals_run_in_each_group_and_nulls_add_nothing() -> None:
    ran = run(RunningTotal(groups=("ITEM",), fields=("n", "Price")), SALES)
    assert ran.table == table(
        "item: String(5), n: Byte, price: FixedDecimal(19.2), RunTot_n: Int64, RunTot_price: Double",
        "a, 1, , 1, 0",
        "a, , 5, 1, 5",
        "b, 200, 0.10, 200, 0.1",
        "b, 100, 0.20, 300, 0.30000000000000004",
    )
    assert ran.table.schema["RunTot_n"].source == "RunningTotal: Total of n"


def test_without_groups_the_records_stay_as_they_are() -> None:
    ran = run(RunningTotal(fields=("n",)), SALES)
    assert [row[3] for row in ran.table.rows] == [200, 201, 301, 301]


def test_a_name_that_is_taken_gets_a_number() -> None:
    ran = run(RunningTotal(fields=("n",)), table("n: Int32, runtot_N: Int32", "1, 2"))
    assert ran.table.schema.names == ("n", "runtot_N", "RunTot_n2")


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        (RunningTotal(fields=()), "No field is selected"),
        (RunningTotal(fields=("gone",)), '"gone" is not contained'),
        (RunningTotal(fields=("n",), groups=("gone",)), '"gone" is not contained'),
        (RunningTotal(fields=("item",)), "cannot be added up"),
    ],
)
def test_what_cannot_be_added_up_is_an_error(tool: RunningTotal, said: str) -> None:
    with pytest.raises(WorkflowError, match=said):
        run(tool, SALES)
