"""Ways that are not taken: what hangs on them does not run."""

from __future__ import annotations

from openyx.document import parse
from openyx.engine import Anchor, Result, run_workflow
from openyx.testing import node, text_input, workflow

ROWS = text_input("a", "1", "2")
WRONG = node("Sort", '<SortInfo><Field field="nobody" order="Ascending"/></SortInfo>')
SORT = node("Sort", '<SortInfo><Field field="a" order="Descending"/></SortInfo>')
END = node("AlteryxBasePluginsGui.DetourEnd.DetourEnd")


def detour(right: str) -> str:
    return node("AlteryxBasePluginsGui.Detour.Detour", f'<DetourRight value="{right}"/>')


def ran(nodes: dict[int, str], *lines: str) -> Result:
    return run_workflow(parse(workflow(nodes, *lines), "w.yxmd"))


def test_what_is_wrong_on_the_way_that_is_not_taken_does_not_matter() -> None:
    lines = ("1 > 2", "2.Left > 3", "2.Right > 4", "3 > 5.Left", "4 > 5.Right")
    result = ran({1: ROWS, 2: detour("False"), 3: SORT, 4: WRONG, 5: END}, *lines)
    assert result.ok
    assert result.counts == {Anchor(1): 2, Anchor(2, "Left"): 2, Anchor(2, "Right"): 0, Anchor(3): 2, Anchor(5): 2}
    assert not ran({1: ROWS, 2: detour("True"), 3: SORT, 4: WRONG, 5: END}, *lines).ok


def test_an_end_whose_ways_are_all_gone_is_gone() -> None:
    nodes = {1: ROWS, 2: detour("False"), 4: WRONG, 5: END, 6: SORT}
    assert ran(nodes, "1 > 2", "2.Right > 4", "4 > 5.Right", "5 > 6").ok
