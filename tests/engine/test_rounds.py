"""Rounds: what is served in turn waits for what was served before."""

from __future__ import annotations

from pathlib import Path

from openyx.document import parse
from openyx.engine import run_workflow
from openyx.engine.macros import Macros
from openyx.engine.places import Places
from openyx.engine.plan import plan
from openyx.engine.rounds import rounds
from openyx.engine.scope import Scope
from openyx.testing import node, text_input, workflow

BLOCK = node("AlteryxBasePluginsGui.BlockUntilDone.BlockUntilDone")
ROWS = text_input("a", "1", "2", "3")
SORT = node("Sort", '<SortInfo locale="0"><Field field="a" order="Descending"/></SortInfo>')
TEST = node("Test", "<Tests/>")


def found(nodes: dict[int, str], *lines: str, ends: tuple[int, ...]) -> dict[int, int]:
    macros = Macros(Places(source=Path(), target=Path(), temporary=Path()))
    return rounds(plan(parse(workflow(nodes, *lines), "w.yxmd"), Scope(), macros).steps, ends)


def test_without_such_a_tool_all_run_at_once() -> None:
    assert found({1: ROWS, 2: SORT, 3: SORT}, "1 > 2", "1 > 3", ends=(2, 3)) == {2: 0, 3: 0}


def test_the_second_output_waits_for_all_below_the_first() -> None:
    nodes = {1: ROWS, 2: BLOCK, 3: SORT, 4: SORT, 5: SORT, 6: SORT}
    lines = ("1 > 2", "2 > 3", "3 > 4", "2.Output2 > 5", "2.Output3 > 6")
    assert found(nodes, *lines, ends=(4, 5, 6)) == {4: 0, 5: 1, 6: 2}


def test_what_hangs_on_two_outputs_waits_for_the_later_one() -> None:
    nodes = {1: ROWS, 2: BLOCK, 3: TEST, 4: SORT}
    assert found(nodes, "1 > 2", "2 > 3", "2.Output2 > 3", "2 > 4", ends=(3, 4)) == {3: 1, 4: 0}


def test_a_second_output_waits_for_those_that_wait_below_the_first() -> None:
    nodes = {1: ROWS, 2: BLOCK, 3: BLOCK, 4: SORT, 5: SORT, 6: SORT}
    lines = ("1 > 2", "2 > 3", "3 > 4", "3.Output2 > 5", "2.Output2 > 6")
    assert found(nodes, *lines, ends=(4, 5, 6)) == {4: 0, 5: 1, 6: 2}


def test_two_that_wait_for_each_other_are_given_up() -> None:
    nodes = {1: ROWS, 2: BLOCK, 3: BLOCK, 4: TEST, 5: TEST}
    lines = ("1 > 2", "1 > 3", "2 > 4", "3.Output2 > 4", "3 > 5", "2.Output2 > 5")
    assert set(found(nodes, *lines, ends=(4, 5))) == {4, 5}


def test_a_run_in_rounds_counts_every_record_once_and_gives_all_outputs() -> None:
    nodes = {1: ROWS, 2: SORT, 3: BLOCK, 4: SORT, 5: node("Browse", name="First"), 6: node("Browse", name="Second")}
    result = run_workflow(parse(workflow(nodes, "1 > 2", "2 > 3", "3 > 5", "3.Output2 > 4", "4 > 6"), "w.yxmd"))
    assert result.ok
    assert {f"{anchor.tool} {anchor.name}": count for anchor, count in result.counts.items()} == {
        "1 Output": 3,
        "2 Output": 3,
        "3 Output": 3,
        "3 Output2": 3,
        "3 Output3": 3,
        "4 Output": 3,
    }
    assert [(output.name, output.records) for output in result.outputs] == [("First", 3), ("Second", 3)]
