"""Select Records."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.preparation.select_records import SelectRecords
from openyx.tools.shared.answers import Answer

NUMBERS = table("n: Int32", *map(str, range(1, 13)))


def kept(ranges: str) -> list[object]:
    ran = run(SelectRecords(answers=(Answer(name="Ranges", text=ranges),)), NUMBERS)
    return [row[0] for row in ran.table.rows]


@pytest.mark.parametrize(
    ("ranges", "numbers"),
    [
        ("5", [5]),
        ("2-4", [2, 3, 4]),
        ("-3", [1, 2, 3]),
        ("10+", [10, 11, 12]),
        ("10-", [10, 11, 12]),
        ("11+\n\n 2 \r\n1-2", [1, 2, 11, 12]),
        ("40", []),
    ],
)
def test_records_are_kept_by_their_numbers_in_their_order(ranges: str, numbers: list[int]) -> None:
    assert kept(ranges) == numbers


@pytest.mark.parametrize("ranges", ["a", "1,2", "1-2-3", "-"])
def test_what_is_no_range_is_an_error(ranges: str) -> None:
    with pytest.raises(WorkflowError, match="is no range of records"):
        kept(ranges)


def test_no_range_is_an_error() -> None:
    with pytest.raises(WorkflowError, match="No range"):
        kept("\n")
