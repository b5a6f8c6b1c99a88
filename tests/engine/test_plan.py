"""Plans: order, cut tools, and numbered connections."""

from __future__ import annotations

from pathlib import Path

from openyx.document import parse
from openyx.engine.macros import Macros
from openyx.engine.places import Places
from openyx.engine.plan import Plan, plan
from openyx.engine.scope import Scope
from openyx.testing import node, text_input, workflow

NO_MACROS = Macros(Places(source=Path(), target=Path(), temporary=Path()))
SORT = node("Sort", "<SortInfo/>")
TEST = node("Test", "<Tests/>")


def planned(nodes: dict[int, str], *lines: str) -> Plan:
    return plan(parse(workflow(nodes, *lines), "w.yxmd"), Scope(), NO_MACROS)


def test_each_tool_comes_after_those_that_feed_it() -> None:
    rows = text_input("a", "1")
    found = planned({5: SORT, 4: SORT, 3: SORT, 2: rows, 1: rows}, "2 > 3", "3 > 4", "4 > 5")
    order = [step.node.id for step in found.steps]
    assert sorted(order) == [1, 2, 3, 4, 5]
    assert order.index(2) < order.index(3) < order.index(4) < order.index(5)


def test_connections_without_a_number_get_those_that_are_left() -> None:
    rows = text_input("a", "1")
    found = planned({1: rows, 2: rows, 3: rows, 4: TEST}, "1 > 4", "2 > 4.Input #2", "3 > 4")
    (test,) = [step for step in found.steps if step.node.id == 4]
    assert [(line.name, line.tool) for line in test.arriving["Input"]] == [("#2", 2), ("#1", 1), ("#3", 3)]


def test_a_tool_whose_only_input_is_cut_is_cut_too() -> None:
    container = node("Container", '<Disabled value="True"/>', inside=f'<Node ToolID="2">{SORT}</Node>')
    found = planned({1: container, 3: SORT, 4: SORT}, "2 > 3", "3 > 4")
    assert found.steps == ()
    assert found.problems == ()


def test_missing_tools_in_a_disabled_container_do_not_matter() -> None:
    container = node("Container", '<Disabled value="True"/>', inside=f'<Node ToolID="2">{node("Acme.Foo")}</Node>')
    assert planned({1: container}).problems == ()


def test_constants_are_put_into_every_setting() -> None:
    nodes = {1: text_input("%User.Name%", "%user.name%!")}
    found = plan(parse(workflow(nodes), "w.yxmd"), Scope(values={"user.name": "Ann"}), NO_MACROS)
    assert "Ann!" in str(found.steps[0].tool)
    assert "%" not in str(found.steps[0].tool)
