"""From relations to lazy frames: each computed once, with taps where something is counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.flow import HEIGHT, Flow
from openyx.relation.stages import Stages
from openyx.relation.tally import RECORD, Tally
from openyx.relation.types import column
from openyx.relation.verbs.base import Folding, Lasting
from openyx.relation.verbs.limit import Limit
from openyx.relation.verbs.sources import Scan
from openyx.relation.verbs.tap import Anchor, Tap
from openyx.relation.wanted import wanted

if TYPE_CHECKING:
    from openyx.relation.folding import Folder
    from openyx.relation.relation import Relation


class Lowering:
    """The lazy frames of several relations (each with the tool that takes its records), which share what they share.

    What is *held* is not computed again. What another part of the run has *looked* at is not looked at again. Of the
    ends at places that are only *counted* nobody wants the fields.
    """

    def __init__(
        self,
        ends: Sequence[tuple[Relation, int]],
        tally: Tally,
        *,
        count: bool,
        held: Mapping[int, tuple[Relation, Flow]] | None = None,
        looked: set[int] | None = None,
        counted: Collection[int] = (),
    ) -> None:
        self._ends = ends
        self._tally = tally
        self._count = count
        self._looked = set[int]() if looked is None else looked
        self._made: dict[int, Flow] = {key: flow for key, (_, flow) in (held or {}).items()}
        self._stages = Stages(ends, frozenset(self._made))
        self._earlier = frozenset(self._looked)
        whole = {id(relation) for place, (relation, _) in enumerate(ends) if place not in counted}
        self._wanted = wanted(
            [relation for relation, _ in self._stages.owned.values()],
            [relation for relation, _ in ends if id(relation) in whole],
            self._made.keys(),
        )
        self._counting: set[int] = set()

    @property
    def stages(self) -> int:
        """How many plans are run, one after the other."""
        return self._stages.count

    def frames(self, stage: int) -> dict[int, pl.LazyFrame]:
        """The ends that are reached in *stage*, by their place; what earlier stages carry must be in its place."""
        for relation in self._stages.relations(stage):
            if id(relation) not in self._made and not self._stages.is_folded(relation):
                self._made[id(relation)] = self._lowered(relation)
        places = [place for place, (relation, _) in enumerate(self._ends) if self._stages.ready(relation) == stage]
        return {place: self._watched(self._ends[place][0]).frame for place in places}

    def carried(self, stage: int) -> list[Relation]:
        """What *stage* computes and later ones need."""
        return [relation for relation in self._stages.carried(stage) if not self._stages.is_held(relation)]

    def carry(self, relation: Relation) -> pl.LazyFrame:
        """What is carried of *relation*: its records, or those of which it is folded."""
        if not (isinstance(relation.verb, Folding) and self._stages.is_folded(relation)):
            return self._watched(relation).frame
        (source,), (needed,) = relation.inputs, relation.verb.needs(self._wanted[id(relation)])
        return relation.verb.feed(replace(self._watched(source), fields=needed))

    def folder(self, relation: Relation) -> Folder | None:
        """Where the records go of which *relation* is folded, if it is."""
        verb = relation.verb
        return verb.folder(self._tally.check) if isinstance(verb, Folding) and verb.folds else None

    def go_on(self, relation: Relation, flow: Flow) -> None:
        """Later stages go on from *flow*."""
        self._made[id(relation)] = flow

    def _lowered(self, relation: Relation) -> Flow:
        verb = relation.verb
        if isinstance(verb, Tap) or any(id(source) in self._counting for source in relation.inputs):
            self._counting.add(id(relation))
        needs = verb.needs(self._wanted[id(relation)])
        inputs = [self._made[id(source)] for source in relation.inputs]
        if not verb.carries_faults:
            inputs = [self._watched(source) for source in relation.inputs]
        inputs = [replace(flow, fields=needed) for flow, needed in zip(inputs, needs, strict=True)]
        draining = isinstance(verb, Limit) and self._count and id(relation) in self._counting
        if isinstance(verb, Limit) and draining:
            flow = verb.drained(*inputs)
        elif isinstance(verb, Lasting):
            flow = verb.lasting(self._tally.check, *inputs)
        else:
            flow = verb.flow(*inputs)
        if relation.schema.names and not all(source.schema.names for source in relation.inputs):
            flow = flow.on(flow.frame.drop(HEIGHT, strict=False))
        if isinstance(verb, Tap):
            names = relation.schema.names or (HEIGHT,)
            kept = [column(name) for name in names if name in self._wanted[id(relation)] or name == HEIGHT]
            flow = flow.on(flow.frame.select(*kept, *flow.hidden()))
            flow = self._tapped(flow, relation, verb.anchor if self._count else None)
        elif isinstance(verb, Scan) and self._tally.cancelled is not None and not self._count:
            flow = flow.on(_looked_at(flow.frame, lambda _: self._tally.check()))
        if not self._stages.is_fork(relation):
            return flow
        return Flow(self._tapped(flow, relation).frame.cache())

    def _watched(self, relation: Relation) -> Flow:
        return self._tapped(self._made[id(relation)], relation)

    def _tapped(self, flow: Flow, relation: Relation, anchor: Anchor | None = None) -> Flow:
        """Without hidden columns: what they hold is noted for its tool, and the records are counted for *anchor*."""
        tally, tool = self._tally, self._stages.owned[id(relation)][1]
        if not flow.faults and anchor is None:
            return flow
        if id(relation) in self._earlier:
            return Flow(flow.frame.drop([fault.column for fault in flow.faults]))
        self._looked.add(id(relation))
        if anchor is not None:
            tally.watch(anchor)
        tally.expect(tool, flow.faults)

        def look(batch: pl.DataFrame) -> None:
            tally.check()
            tally.note(tool, flow.faults, batch)
            if anchor is not None:
                tally.count(anchor, batch.height)

        if not flow.faults:
            return Flow(_looked_at(flow.frame, look))
        hidden = [RECORD, *(fault.column for fault in flow.faults)]
        return Flow(_looked_at(flow.frame.with_row_index(RECORD), look).drop(hidden))


def _looked_at(frame: pl.LazyFrame, look: Callable[[pl.DataFrame], None]) -> pl.LazyFrame:
    def tap(batch: pl.DataFrame) -> pl.DataFrame:
        look(batch)
        return batch

    return frame.map_batches(tap, streamable=True)
