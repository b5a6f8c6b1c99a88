"""Which tools of a workflow compute something, where that ends, and which tables stand beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from openyx.document import Connection, Document, Node
from openyx.engine import Anchor
from openyx.errors import Missing
from openyx.tools.base import Tool
from openyx.tools.shelf import shelf

_SOURCES = {"textinput", "dbfileinput"}
_SHOWS = {"browsev2", "browse"}


class Flow:
    """The lines that carry records in a document, without those of tools in disabled containers."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._into: Mapping[int, list[Connection]] = defaultdict(list)
        self._from: Mapping[int, list[Connection]] = defaultdict(list)
        for line in document.connections:
            ends = (document.by_id[line.origin], document.by_id[line.destination])
            if not line.is_wiring and not any(end.disabled for end in ends):
                self._from[line.origin].append(line)
                self._into[line.destination].append(line)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The tools that are not switched off."""
        return tuple(node for node in self.document.nodes if not node.disabled)

    def is_connected(self, tool: int) -> bool:
        """Whether records arrive at a tool."""
        return bool(self._into.get(tool))

    def lacks_connection(self, tool: int) -> bool:
        """Whether nothing arrives at an input that a tool cannot do without."""
        kind = tool_of(self.document.by_id[tool])
        into = {line.input for line in self._into.get(tool, ())}
        needed = [each.name for each in kind.inputs if not each.optional] if kind is not None else []
        return not into if len(needed) == 1 else not into.issuperset(needed)

    @cached_property
    def tables_beside(self) -> tuple[Node, ...]:
        """Typed-in tables and files that are only looked at, if anything."""
        return tuple(
            node
            for node in self.nodes
            if node.kind.lower() in _SOURCES
            and not self._into.get(node.id)
            and all(self._is_shown(line) for line in self._from.get(node.id, ()))
        )

    @cached_property
    def ends(self) -> frozenset[Anchor]:
        """The anchors of computing tools whose records are shown, go no further, or only to tools that give none.

        What hangs on a tool that lacks a line computes nothing.
        """
        computing = [node for node in self.nodes if self.is_connected(node.id) and not self._is_hanging(node)]
        return frozenset(anchor for node in computing for anchor in self._ends(node))

    @cached_property
    def leftovers(self) -> frozenset[Anchor]:
        """The ends that nobody looks at, of tools from whose other anchors records go on."""
        return frozenset(end for end in self.ends if self._from.get(end.tool) and not self._goes_on(end))

    @cached_property
    def anchors(self) -> frozenset[Anchor]:
        """All output anchors, as far as the file and the tools themselves tell."""
        return frozenset(Anchor(node.id, name) for node in self.nodes for name in self._names(node))

    def feeding(self, tool: int) -> Iterator[Node]:
        """A tool and all whose records reach it."""
        seen, waiting = {tool}, [tool]
        while waiting:
            number = waiting.pop()
            yield self.document.by_id[number]
            origins = {line.origin for line in self._into.get(number, ())} - seen
            seen |= origins
            waiting.extend(origins)

    def _is_hanging(self, node: Node) -> bool:
        return any(tool_of(each) is not None and self.lacks_connection(each.id) for each in self.feeding(node.id))

    def _goes_on(self, anchor: Anchor) -> bool:
        names = self._names(self.document.by_id[anchor.tool])
        return any(line.anchor == anchor.name or len(names) == 1 for line in self._from.get(anchor.tool, ()))

    def is_whole(self, tool: int, computed: Collection[int]) -> bool:
        """Whether all that leads to a tool was *computed*: without a part of it, it gives other fields and records."""
        return all(line.origin in computed for each in self.feeding(tool) for line in self._into.get(each.id, ()))

    def _ends(self, node: Node) -> Iterator[Anchor]:
        names = self._names(node)
        for name in names:
            onward = [line for line in self._from.get(node.id, ()) if line.anchor == name or len(names) == 1]
            goes_on = any(self._from.get(line.destination) or self._gives(line.destination) for line in onward)
            if not goes_on or any(self._is_shown(line) for line in onward):
                yield Anchor(node.id, name)

    def _names(self, node: Node) -> set[str]:
        used = {line.anchor for line in self._from.get(node.id, ())}
        remembered = {meta.get("connection") for meta in node.element.all("Properties/MetaInfo")}
        kind = tool_of(node)
        # What the tool itself calls its anchors goes before other programs' spellings.
        return set(kind.outputs) if kind is not None and not node.macro else used | remembered

    def _gives(self, tool: int) -> bool:
        kind = tool_of(self.document.by_id[tool])
        return bool(kind.outputs) if kind is not None else False

    def _is_shown(self, line: Connection) -> bool:
        return self.document.by_id[line.destination].kind.lower() in _SHOWS


def tool_of(node: Node) -> type[Tool] | None:
    """The tool that a node is, if it is on the shelf."""
    try:
        return shelf().find(node.plugin, node.macro)
    except Missing:
        return None
