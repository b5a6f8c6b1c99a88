"""The workflows of the test cases, as a stock of what real ones look like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openyx.document.xml import Element, read

FOLDER = Path(__file__).parent.parent / "cases"


@dataclass(frozen=True, slots=True)
class Stock:
    """The documents; what stands at each tag and attribute in them, by name; and tools' settings, by plugin id."""

    documents: tuple[Element, ...]
    words: dict[str, tuple[str, ...]]
    tags: tuple[str, ...]
    settings: dict[str, tuple[Element, ...]]


@cache
def stock() -> Stock:
    """All that the cases hold."""
    documents: list[Element] = []
    for path in sorted((*FOLDER.glob("*.yxmd"), *FOLDER.glob("*.yxwz"), *FOLDER.rglob("*.yxmc"))):
        with path.open("rb") as source:
            documents.append(read(source, path.name))
    words: dict[str, dict[str, None]] = {}
    settings: dict[str, list[Element]] = {}
    for element in (each for document in documents for each in document.walk()):
        words.setdefault(element.tag, {})[element.text] = None
        for name, value in element.attributes.items():
            words.setdefault(name, {})[value] = None
        gui, configuration = element.find("GuiSettings"), element.find("Properties/Configuration")
        if gui and configuration:
            settings.setdefault(gui.get("Plugin"), []).append(configuration)
    return Stock(
        tuple(documents),
        {name: tuple(found) for name, found in words.items()},
        tuple(each for each in words if each.isidentifier()),
        {plugin: tuple(found) for plugin, found in settings.items()},
    )


def way_to(document: Element, tool: str) -> Element:
    """A copy of a document with the tools on the way to one of them, by its number, and no others."""
    feeds: dict[str, list[str]] = {}
    for line in document.all("Connections/Connection"):
        origin, destination = line.find("Origin"), line.find("Destination")
        assert origin is not None
        assert destination is not None
        feeds.setdefault(destination.get("ToolID"), []).append(origin.get("ToolID"))
    kept, waiting = {tool}, [tool]
    while waiting:
        waiting += (new := set(feeds.get(waiting.pop(), ())) - kept)
        kept |= new
    copy = document.copy()
    for element in [each for each in copy.walk() if each.tag in ("Nodes", "ChildNodes", "Connections")]:
        element.children = [each for each in element.children if _ends(each) & kept or each.find("ChildNodes")]
    return copy


def _ends(element: Element) -> set[str]:
    if element.tag == "Node":
        return {element.get("ToolID")}
    return {each.get("ToolID") for each in element.all("Destination")}
