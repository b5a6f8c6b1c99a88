"""A part of a workflow that runs before the rest of it is known: for tools whose fields depend on their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from openyx.engine.plan import Arriving, Step
from openyx.errors import WorkflowError
from openyx.relation import Anchor, Relation
from openyx.relation.run import Session
from openyx.relation.table import Table
from openyx.relation.verbs.tap import Tap
from openyx.tools.base import Lowered

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What leaves and what enters each tool, as far as the workflow is compiled.

    ``made`` are the lowered tools by number, ``wanted`` counts who takes a tool's records, by the anchor's name.
    """

    made: Mapping[int, tuple[Step, Lowered]]
    wanted: Mapping[int, Counter[str]]

    def output(self, line: Arriving) -> Relation:
        """The records of an output anchor. Raises ``WorkflowError`` where the tool has none of that name."""
        return self.made[line.tool][1].outputs[self.anchor(line).name]

    def anchor(self, line: Arriving) -> Anchor:
        """Where a line begins; a tool that has only one output gives it under any name."""
        outputs = self.made[line.tool][1].outputs
        name = line.anchor if line.anchor in outputs or len(outputs) != 1 else next(iter(outputs))
        if name not in outputs:
            raise WorkflowError(f"{self.made[line.tool][0].called} has no output {name!r}")
        return Anchor(line.tool, name)

    def taken(self, anchor: Anchor) -> int:
        """How many take the records of an anchor."""
        counts = self.wanted.get(anchor.tool, Counter())
        return counts.total() if len(self.made[anchor.tool][1].outputs) == 1 else counts[anchor.name]


@dataclass(frozen=True, slots=True)
class ToolStage:
    """What ``Context.held`` and ``Context.look`` do for one tool of a run."""

    session: Session
    lines: Lines
    tool: int
    culprit: Callable[[str], int | None]

    def hold(self, records: Relation) -> Relation:
        """Compute *records* now, with all before them that others take too: nothing is computed twice."""
        self._blaming(lambda: self.session.hold([(records, self.tool), *self._shared(records)]))
        return records

    def look(self, records: Relation) -> Table:
        """The records themselves."""
        return self._blaming(lambda: self.session.look(records))

    def _blaming(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except WorkflowError as error:
            if error.tool is None:
                error.tool = self.culprit(error.message)
            raise

    def _shared(self, records: Relation) -> Iterator[tuple[Relation, int]]:
        for anchor in _anchors(records):
            step, lowered = self.lines.made[anchor.tool]
            if len(lowered.outputs) > 1 or self.lines.taken(anchor) > 1:
                yield from ((each, anchor.tool) for each in lowered.outputs.values())
            if lowered.watched or lowered.shown is not None or lowered.written is not None:
                lines = (line for lines in step.arriving.values() for line in lines)
                yield from ((self.lines.output(line), line.tool) for line in lines)


def _anchors(records: Relation) -> Iterable[Anchor]:
    """The anchors that *records* come by."""
    found: dict[Anchor, None] = {}
    seen: set[int] = set()
    waiting = [records]
    while waiting:
        relation = waiting.pop()
        if id(relation) in seen:
            continue
        seen.add(id(relation))
        if isinstance(relation.verb, Tap):
            found[relation.verb.anchor] = None
        waiting.extend(relation.inputs)
    return found
