"""Changes of a document that are more than a text: a tool taken out, fields chosen in a Select."""

from __future__ import annotations

import re

from openyx.document.graph import Node
from openyx.document.xml import Element

_CHOICE = re.compile(r"(.*?)=(True|False)(?:,|$)", re.DOTALL)


def delete_tool(root: Element, number: str) -> None:
    """Take a tool out: what came into it goes where its output went. A tool that is not there is nothing to do."""
    for outer in root.walk():
        outer.children[:] = [child for child in outer.children if not _is_tool(child, number)]
    for connections in root.all("Connections"):
        into = [line for line in connections.children if _end(line, "Destination") == number and not _is_wiring(line)]
        kept: list[Element] = []
        for line in connections.children:
            if _end(line, "Origin") == number and not _is_wiring(line):
                kept.extend(_joined(arriving, line) for arriving in into)
            elif number not in (_end(line, "Origin"), _end(line, "Destination")):
                kept.append(line)
        connections.children[:] = kept


def choose_fields(node: Node | None, chosen: str) -> None:
    """Choose the fields of a Select as a list box answers, ``a=True,b=False``; fields that it does not name stay."""
    fields = node.configuration.find("SelectFields") if node else None
    if fields is None:
        return
    known = {element.get("field"): element for element in fields.children}
    for name, truth in _CHOICE.findall(chosen):
        if name not in known:
            known[name] = Element("SelectField", {"field": name}, line=fields.line)
            fields.children.append(known[name])
        known[name].attributes["selected"] = truth


def _is_tool(element: Element, number: str) -> bool:
    return element.tag == "Node" and element.get("ToolID") == number


def _end(line: Element, tag: str) -> str:
    end = line.find(tag)
    return "" if end is None else end.get("ToolID")


def _is_wiring(line: Element) -> bool:
    end = line.find("Destination")
    return end is not None and end.get("Connection") in ("Action", "Question", "Question Input", "Condition")


def _joined(arriving: Element, leaving: Element) -> Element:
    origin, destination = arriving.find("Origin"), leaving.find("Destination")
    ends = [end.copy() for end in (origin, destination) if end is not None]
    return Element("Connection", dict(leaving.attributes), "", ends, leaving.line)
