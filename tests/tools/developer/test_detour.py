"""Detour and Detour End."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.developer.detour import Detour
from openyx.tools.developer.detour_end import DetourEnd

ROWS = table("id: Byte, name: String", "3, c", "1, a")
NONE = table("id: Byte, name: String")


def test_all_records_leave_by_the_left_unless_the_right_is_chosen() -> None:
    assert run(Detour(), ROWS).outputs == {"Left": ROWS, "Right": NONE}
    assert run(Detour(right=True), ROWS).outputs == {"Left": NONE, "Right": ROWS}


def test_the_way_that_was_not_taken_is_closed() -> None:
    assert Detour().closed == ("Right",)
    assert Detour(right=True).closed == ("Left",)


def test_the_end_gives_the_records_of_the_way_that_is_there() -> None:
    assert run(DetourEnd(), ROWS, None).table == ROWS
    assert run(DetourEnd(), None, ROWS).table == ROWS


def test_the_end_gives_those_of_both_the_left_ones_first() -> None:
    more = table("ID: Byte, name: String", "9, z")
    assert run(DetourEnd(), ROWS, more).table == table("id: Byte, name: String", "3, c", "1, a", "9, z")


def test_two_ways_with_different_fields_do_not_fit() -> None:
    with pytest.raises(WorkflowError, match="different fields"):
        run(DetourEnd(), ROWS, table("id: Byte", "1"))


def test_the_end_needs_one_of_its_ways() -> None:
    with pytest.raises(WorkflowError, match="must be connected"):
        run(DetourEnd(), None, None)
