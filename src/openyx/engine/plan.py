"""From a document to the tools that will run, in order, with their settings; what is missing is found here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from openyx.document import Connection, Document, Element, Node, config, substitute
from openyx.engine import messages
from openyx.errors import DocumentError, Missing, OpenYXError, WorkflowError
from openyx.messages import Message
from openyx.tools.base import Input, Tool
from openyx.tools.shelf import shelf


@dataclass(frozen=True, slots=True)
class Arriving:
    """A line into an input anchor: its name (``#1``, ``#2``, …), and the output anchor that it comes from."""

    name: str
    tool: int
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A tool that will run, and what arrives at each of its input anchors."""

    node: Node
    tool: Tool
    arriving: Mapping[str, tuple[Arriving, ...]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a tool cannot run."""

    tool: int
    error: OpenYXError


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The tools in an order in which each has its inputs, what is to be said before they run, and why they cannot."""

    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    problems: tuple[Problem, ...]


def plan(document: Document, values: Mapping[str, str]) -> Plan:
    """What will run of a document; *values* are put into its settings.

    Tools in disabled containers are not there, nor are those whose every required input came from one. Tools without a
    meaning for the records are left out.
    """
    planning = _Planning(document, values)
    steps = tuple(planning.steps())
    return Plan(steps=steps, messages=tuple(planning.messages), problems=tuple(planning.problems))


@dataclass(slots=True)
class _Planning:
    document: Document
    values: Mapping[str, str]
    messages: list[Message] = field(default_factory=list[Message])
    problems: list[Problem] = field(default_factory=list[Problem])
    on_canvas_only: set[int] = field(default_factory=set[int])

    def steps(self) -> Iterator[Step]:
        self.messages.extend(self.document.remarks)
        if self.document.properties.has_events:
            self.messages.append(messages.events(self.document.name))
        gone = {node.id for node in self.document.nodes if node.disabled}
        for node in _ordered(self.document):
            if node.id in gone:
                continue
            kind = self._kind(node)
            if kind is None:
                continue
            if kind.on_canvas_only:
                self.on_canvas_only.add(node.id)
                continue
            lines = [line for line in self.document.into(node.id) if not line.is_wiring]
            here = [line for line in lines if line.origin not in gone]
            if self._is_cut_off(kind, lines, here):
                gone.add(node.id)
                continue
            step = self._step(node, kind, here)
            if step is not None:
                yield step

    def _kind(self, node: Node) -> type[Tool] | None:
        try:
            return shelf().find(node.plugin, node.macro)
        except Missing as error:
            self._stop(node, error)
            return None

    def _is_cut_off(self, kind: type[Tool], lines: Sequence[Connection], here: Sequence[Connection]) -> bool:
        """Whether a required input had connections, all of them to tools that are not there."""
        return any(not each.optional and _at(each, kind, lines) and not _at(each, kind, here) for each in kind.inputs)

    def _step(self, node: Node, kind: type[Tool], lines: Sequence[Connection]) -> Step | None:
        place = f"{self.document.name}, {node.title}"
        configuration: Element = substitute(node.configuration, self.values)
        try:
            tool, unread = config.read(kind, configuration, place=place)
        except DocumentError as error:
            self._stop(node, error)
            return None
        if unread:
            self.messages.append(messages.unread(node.id, unread))
        empty = next((line for line in lines if line.origin in self.on_canvas_only), None)
        if empty is not None:
            self._stop(node, WorkflowError(f"tool {empty.origin} has no output {empty.anchor!r}"))
            return None
        for each in kind.inputs:
            if not each.optional and not _at(each, kind, lines):
                self._stop(node, WorkflowError(f"The {each.name} input must be connected"))
                return None
        return Step(
            node=node, tool=tool, arriving={each.name: _arriving(_at(each, kind, lines)) for each in kind.inputs}
        )

    def _stop(self, node: Node, error: OpenYXError) -> None:
        self.problems.append(Problem(node.id, error))


def _at(anchor: Input, kind: type[Tool], lines: Sequence[Connection]) -> list[Connection]:
    """The lines into an anchor; a tool that has only one takes any name for it."""
    return [line for line in lines if line.input == anchor.name or len(kind.inputs) == 1]


def _arriving(lines: Sequence[Connection]) -> tuple[Arriving, ...]:
    """The lines with their numbers; those without one get the numbers that are left."""
    taken = {line.name for line in lines if line.name.startswith("#")}
    free = (name for name in map("#{}".format, count(1)) if name not in taken)
    return tuple(
        Arriving(line.name if line.name.startswith("#") else next(free), line.origin, line.anchor) for line in lines
    )


def _ordered(document: Document) -> Iterator[Node]:
    """The tools so that each comes after those that feed it, else in the order of the file."""
    waits: dict[int, set[int]] = defaultdict(set)
    feeds: dict[int, list[int]] = defaultdict(list)
    for line in document.connections:
        if not line.is_wiring:
            waits[line.destination].add(line.origin)
            feeds[line.origin].append(line.destination)
    ready = [node.id for node in reversed(document.nodes) if not waits[node.id]]
    while ready:
        tool = ready.pop()
        yield document.by_id[tool]
        for fed in reversed(feeds[tool]):
            if tool in waits[fed]:
                waits[fed].discard(tool)
                if not waits[fed]:
                    ready.append(fed)
