"""Where everything on the canvas stands: read from the document, once for all that is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from openyx.cli.drawing.palette import BOXES, Look, look
from openyx.document import Connection, Document, Element, Node

TOOL = 59.0
"""The side of a tool's place on the canvas."""

_BAR = 24.0
_BOX = (160.0, 60.0)
_FARTHEST = 1_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A rectangle on the canvas."""

    x: float
    y: float
    width: float = TOOL
    height: float = TOOL

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    @property
    def centre(self) -> float:
        """The middle between left and right."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A tool, a text box or a container. A ``folded`` container shows its bar only, and nothing inside it."""

    node: Node
    look: Look
    place: Place
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    folded: bool

    @property
    def is_box(self) -> bool:
        """Whether it is a text box or a container."""
        return self.look.name in BOXES

    def height_of(self, anchor: str, anchors: Sequence[str]) -> float:
        """How far down an anchor sits at its side."""
        place = anchors.index(anchor) if anchor in anchors else 0
        return self.place.y + self.place.height * (place + 1) / (len(anchors) + 1)


class Layout:
    """The things of a document that are seen, by number, and where its lines begin and end."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._anchors = _anchors(document.connections)

    @cached_property
    def things(self) -> Mapping[int, Thing]:
        """All that is drawn; containers come before what they hold."""
        everything = {node.id: self._thing(node, place) for node, place in self._places()}
        return {number: each for number, each in everything.items() if self._cover(each.node, everything) is None}

    @cached_property
    def covers(self) -> Mapping[int, int]:
        """The folded container that is seen instead of a tool, by the tool's number."""
        everything = {node.id: self._thing(node, place) for node, place in self._places()}
        found = {number: self._cover(each.node, everything) for number, each in everything.items()}
        return {number: cover for number, cover in found.items() if cover is not None}

    @property
    def bounds(self) -> Place:
        """What the picture must hold, with room for labels."""
        places = [each.place for each in self.things.values()] or [Place(x=0, y=0)]
        left, top = min(each.x for each in places) - 40, min(each.y for each in places) - 30
        right, bottom = max(each.right for each in places) + 50, max(each.bottom for each in places) + 80
        return Place(x=left, y=top, width=right - left, height=bottom - top)

    def ends(self, line: Connection) -> tuple[Thing, Thing] | None:
        """What a line is seen to join; nothing for one inside a folded container."""
        origin, destination = (self.covers.get(tool, tool) for tool in (line.origin, line.destination))
        return None if origin == destination else (self.things[origin], self.things[destination])

    def _thing(self, node: Node, place: Place) -> Thing:
        known = look(node)
        inputs, outputs = self._anchors.get(node.id, ({}, {}))
        return Thing(
            node=node,
            look=known,
            place=place,
            inputs=tuple(dict.fromkeys((*known.inputs, *inputs))) if len(known.inputs) != 1 else known.inputs,
            outputs=tuple(dict.fromkeys((*known.outputs, *outputs))) if len(known.outputs) != 1 else known.outputs,
            folded=known.name == "Tool Container" and node.configuration.value("Folded").strip().lower() == "true",
        )

    def _places(self) -> Iterator[tuple[Node, Place]]:
        """Tools without a place of their own stand in a row below all others."""
        found = {node.id: _place(node) for node in self._document.nodes}
        below = max((place.bottom for place in found.values() if place), default=0.0) + TOOL
        homeless = iter(range(len(found)))
        for node in self._document.nodes:
            yield node, found[node.id] or Place(x=next(homeless) * TOOL * 2, y=below)

    def _cover(self, node: Node, everything: Mapping[int, Thing]) -> int | None:
        """The outermost folded container around a tool."""
        cover = None
        while node.container is not None:
            if everything[node.container].folded:
                cover = node.container
            node = everything[node.container].node
        return cover


def _anchors(lines: Sequence[Connection]) -> dict[int, tuple[dict[str, None], dict[str, None]]]:
    """The anchors of each tool that have a line: those that it takes by, those that it gives by."""
    found: dict[int, tuple[dict[str, None], dict[str, None]]] = {}
    for line in lines:
        if not line.is_wiring:
            found.setdefault(line.destination, ({}, {}))[0][line.input] = None
            found.setdefault(line.origin, ({}, {}))[1][line.anchor] = None
    return found


def _place(node: Node) -> Place | None:
    position = node.element.find("GuiSettings/Position")
    x, y = (_number(position, name) for name in ("x", "y"))
    if x is None or y is None:
        return None
    if look(node).name not in BOXES:
        return Place(x=x, y=y)
    width, height = _number(position, "width"), _number(position, "height")
    return Place(x=x, y=y, width=max(width or _BOX[0], _BAR), height=max(height or _BOX[1], _BAR / 2))


def _number(element: Element | None, name: str) -> float | None:
    try:
        found = float(element.get(name)) if element is not None else math.nan
    except ValueError:
        return None
    return found if abs(found) <= _FARTHEST else None
