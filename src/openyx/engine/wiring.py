"""The lines into tools: in which order tools stand on them, and which tools they leave without records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from openyx.document import Connection, Document, Node
from openyx.errors import WorkflowError
from openyx.tools.base import Input


def check_connected(inputs: Sequence[Input], lines: Sequence[Connection]) -> None:
    """Raise ``WorkflowError`` where a required input has no connection."""
    for each in inputs:
        if not each.optional and not at(each, inputs, lines):
            raise WorkflowError(f"The {each.name} input must be connected")


def is_cut_off(inputs: Sequence[Input], lines: Sequence[Connection], here: Sequence[Connection]) -> bool:
    """Whether a required input had connections, all of them to tools that are not there."""
    return any(not each.optional and at(each, inputs, lines) and not at(each, inputs, here) for each in inputs)


def is_left_alone(inputs: Sequence[Input], lines: Sequence[Connection], here: Sequence[Connection]) -> bool:
    """Whether a tool that takes what comes by one of its inputs had connections, and none is left."""
    return len(inputs) > 1 and all(each.optional for each in inputs) and bool(lines) and not here


def at(anchor: Input, inputs: Sequence[Input], lines: Sequence[Connection]) -> list[Connection]:
    """The lines into an anchor; a tool that has only one takes any name for it."""
    return [line for line in lines if line.input == anchor.name or len(inputs) == 1]


def ordered(document: Document) -> Iterator[Node]:
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
