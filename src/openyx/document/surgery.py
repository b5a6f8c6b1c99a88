"""Changes of a document that are more than a text: a tool taken out, fields chosen in a Select."""

from __future__ import annotations

import re

from openyx.document.graph import Node
from openyx.document.xml import Element

_CHOICE = re.compile(r"(.*?)=(True|False)(?:,|$)", re.DOTALL)


def delete_tool(root: Element, number: str) -> None:
    """Take a tool out with its lines, so that nothing comes where its output went (seen in one macro's answers).

    A tool that is not there is nothing to do.
    """
    for outer in root.walk():
        outer.children[:] = [child for child in outer.children if not _is_tool(child, number)]
    for connections in root.all("Connections"):
        lines = connections.children
        lines[:] = [line for line in lines if number not in (_end(line, "Origin"), _end(line, "Destination"))]


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
