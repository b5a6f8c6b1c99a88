"""Graphs of a few tools with lines between anything and anything."""

from __future__ import annotations

from random import Random

from openyx.document.xml import Element
from tests.fuzz import odd
from tests.fuzz.cases import stock
from tests.fuzz.documents import written
from tests.fuzz.sources import line, node, records
from tests.fuzz.tool_settings import plugin, tools

_ANCHORS = ("Output", "Input", "True", "False", "Left", "Right", "Join", "Targets", "Source", "Unique", "#1", "x", "")


def graph(chance: Random) -> bytes:
    """A workflow whose tools have settings of the cases, and lines that may form loops or lead nowhere."""
    chosen = [odd.pick(chance, tools()) for _ in range(chance.randrange(8))]
    inside = [
        node(number, plugin(tool), _settings(chance, plugin(tool)), macro=not tool.ids)
        for number, tool in enumerate(chosen, start=2)
    ]
    numbers = [*range(1, 2 + len(inside)), *([99] if odd.one_in(chance, 5) else [])]
    lines = [_line(chance, numbers) for _ in range(chance.randrange(3 * len(inside) + 1))]
    if odd.one_in(chance, 10):
        inside.append(odd.pick(chance, inside or [records()]).copy())
    for number in range(len(inside)):
        if odd.one_in(chance, 8):
            inside[number] = _contained(chance, inside[number], 50 + number)
    nodes = [records(), *inside]
    chance.shuffle(nodes)
    children = [Element("Nodes", children=nodes), Element("Connections", children=lines)]
    return written(Element("AlteryxDocument", {"yxmdVer": "2021.4"}, children=children))


def _line(chance: Random, numbers: list[int]) -> Element:
    one, other = odd.pick(chance, numbers), odd.pick(chance, numbers)
    origin, destination = (one, other) if odd.one_in(chance, 20) else (min(one, other), max(one, other))
    attributes = {"name": odd.pick(chance, ("#1", "#2", "#99999999999999999999", "x"))} if odd.one_in(chance, 4) else {}
    if odd.one_in(chance, 10):
        attributes["Wireless"] = "True"
    anchor = "Output" if chance.randrange(2) else odd.pick(chance, _ANCHORS)
    into = "Input" if chance.randrange(2) else odd.pick(chance, _ANCHORS)
    return line(origin, anchor, destination, into, **attributes)


def _contained(chance: Random, inner: Element, number: int) -> Element:
    disabled = Element("Disabled", {"value": odd.pick(chance, ("True", "False"))})
    container = node(
        number, "AlteryxGuiToolkit.ToolContainer.ToolContainer", Element("Configuration", children=[disabled])
    )
    container.children.append(Element("ChildNodes", children=[inner]))
    return container


def _settings(chance: Random, wanted: str) -> Element | None:
    known = stock().settings.get(wanted, ())
    return odd.pick(chance, known).copy() if known else None
