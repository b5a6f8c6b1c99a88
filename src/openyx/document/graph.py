"""The tools on the canvas and the lines between them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PureWindowsPath

from openyx.document.catalogue import palette_name
from openyx.document.xml import Element
from openyx.errors import DocumentError
from openyx.fields import Field, FieldType

_WIRING = frozenset({"Action", "Question", "Question Input", "Condition", "True Condition", "False Condition"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A tool as the file describes it.

    ``container`` is the number of the tool container that holds it; a node is ``disabled`` when any of the containers
    around it is.
    """

    id: int
    plugin: str
    macro: str
    entry_point: str
    name: str
    container: int | None
    disabled: bool
    element: Element

    @property
    def configuration(self) -> Element:
        """The tool's settings; an empty element where the file has none."""
        return self.element.find("Properties/Configuration") or Element("Configuration", line=self.element.line)

    @property
    def kind(self) -> str:
        """What most files agree on: the last word of the plugin's id, or the macro's file name."""
        return self.plugin.rsplit(".", 1)[-1] if self.plugin else PureWindowsPath(self.macro).name

    @property
    def palette_name(self) -> str | None:
        """The palette's name of the tool; nothing for one that the product does not have."""
        return palette_name(self.plugin or PureWindowsPath(self.macro).name)

    @property
    def title(self) -> str:
        """How people are told of it: ``tool 14 (Input Data)``, or with the name that its user gave it."""
        return f"tool {self.id} ({self.name or self.palette_name or self.kind or 'no kind'})"

    def fields(self, anchor: str) -> tuple[Field, ...] | None:
        """The fields that the file remembers for an output anchor, or nothing when it remembers none."""
        for meta in self.element.all("Properties/MetaInfo"):
            if meta.get("connection") == anchor:
                return tuple(_field(field, self.title) for field in meta.all("RecordInfo/Field"))
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A line from an output anchor to an input anchor; ``name`` may be ``#1``, ``#2``, … or the user's word.

    A ``wireless`` one is like any other, and drawn otherwise.
    """

    origin: int
    anchor: str
    destination: int
    input: str
    name: str = ""
    wireless: bool = False

    @property
    def is_wiring(self) -> bool:
        """A line between interface tools, which carries no records."""
        return self.anchor in _WIRING or self.input in _WIRING

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among the lines into one anchor: those with a number first, by number."""
        numbered = re.fullmatch(r"#(\d+)", self.name)
        return (0, int(numbered[1])) if numbered else (1, 0)


def nodes(root: Element, name: str) -> tuple[Node, ...]:
    """All tools in document order, those inside containers after their container.

    Raises ``DocumentError`` where a number is missing, is none or stands twice.
    """
    found = tuple(node for top in root.all("Nodes/Node") for node in _nodes(top, name, container=None, disabled=False))
    seen: dict[int, Node] = {}
    for node in found:
        if seen.setdefault(node.id, node) is not node:
            raise DocumentError(f"two tools have the number {node.id}", place=f"{name}, line {node.element.line}")
    return found


def connections(root: Element, name: str) -> tuple[Connection, ...]:
    """All lines, those into one anchor in the order in which the tool sees them."""
    found = tuple(_connection(line, name) for line in root.all("Connections/Connection"))
    return tuple(sorted(found, key=lambda line: line.place))


def loop(connections: Iterable[Connection]) -> Sequence[int]:
    """Tools that feed each other in a circle, in order; nothing when there is none."""
    onward: dict[int, list[int]] = defaultdict(list)
    for line in connections:
        if not line.is_wiring:
            onward[line.origin].append(line.destination)
    done: set[int] = set()
    for start in list(onward):
        way: dict[int, Iterator[int]] = {} if start in done else {start: iter(onward[start])}
        while way:
            tool = next(reversed(way))
            step = next(way[tool], None)
            if step is None:
                done.add(tool)
                way.popitem()
            elif step in way:
                tools = list(way)
                return tools[tools.index(step) :]
            elif step not in done:
                way[step] = iter(onward.get(step, ()))
    return ()


def _nodes(element: Element, name: str, *, container: int | None, disabled: bool) -> Iterator[Node]:
    number = _number(element.get("ToolID"), f"{name}, line {element.line}")
    gui, engine = element.find("GuiSettings"), element.find("EngineSettings")
    yield Node(
        id=number,
        plugin=gui.get("Plugin").strip() if gui else "",
        macro=engine.get("Macro").strip() if engine else "",
        entry_point=engine.get("EngineDllEntryPoint").strip() if engine else "",
        name=element.words("Properties/Annotation/Name"),
        container=container,
        disabled=disabled,
        element=element,
    )
    below = disabled or element.value("Properties/Configuration/Disabled").strip().lower() in ("true", "1")
    for child in element.all("ChildNodes/Node"):
        yield from _nodes(child, name, container=number, disabled=below)


def _connection(element: Element, name: str) -> Connection:
    origin, destination = element.find("Origin"), element.find("Destination")
    place = f"{name}, line {element.line}"
    if origin is None or destination is None:
        raise DocumentError("a connection without both ends", place=place)
    return Connection(
        origin=_number(origin.get("ToolID"), place),
        anchor=origin.get("Connection"),
        destination=_number(destination.get("ToolID"), place),
        input=destination.get("Connection"),
        name=element.get("name"),
        wireless=element.get("Wireless").strip().lower() == "true",
    )


def _number(text: str, place: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise DocumentError(f"{text!r} is no tool number", place=place) from None


def _field(element: Element, title: str) -> Field:
    size, scale = element.get("size"), element.get("scale")
    try:
        kind = FieldType.of(element.get("type"), int(size) if size else None, int(scale) if scale else None)
    except ValueError as error:
        raise DocumentError(f"a remembered field is none: {error}", place=f"{title}, line {element.line}") from error
    return Field(element.get("name"), kind, element.get("source"), element.get("description"))
