"""A workflow without the tools that cannot run, whose others still tell something; or without its actions."""

from __future__ import annotations

from collections.abc import Collection

from openyx.document import Connection, Document, from_tree
from openyx.document.xml import Element


def without(document: Document, tools: Collection[int]) -> Document:
    """The workflow without these tools and without all that come after them."""
    gone = _with_followers(document.connections, tools)
    root = document.root.copy()
    for holder in root.walk():
        holder.children = [child for child in holder.children if not _is_gone(child, gone)]
    return from_tree(root, document.name, folder=document.folder)


def as_drawn(document: Document) -> Document:
    """The workflow without the actions that answers set off, as it is shown and remembered on the canvas."""
    if not any(document.root.all("Properties/RuntimeProperties/Actions")):
        return document
    root = document.root.copy()
    for runtime in root.all("Properties/RuntimeProperties"):
        runtime.children = [child for child in runtime.children if child.tag != "Actions"]
    return from_tree(root, document.name, folder=document.folder)


def _with_followers(lines: Collection[Connection], tools: Collection[int]) -> set[int]:
    gone, fresh = set(tools), set(tools)
    while fresh:
        fresh = {line.destination for line in lines if line.origin in fresh and not line.is_wiring} - gone
        gone |= fresh
    return gone


def _is_gone(element: Element, gone: Collection[int]) -> bool:
    if element.tag == "Node":
        return element.get("ToolID") in map(str, gone)
    if element.tag == "Connection":
        ends = {end.get("ToolID") for end in element.children if end.tag in ("Origin", "Destination")}
        return bool(ends & set(map(str, gone)))
    return False
