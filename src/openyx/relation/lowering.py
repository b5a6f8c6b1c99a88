"""From relations to lazy frames: each computed once, with taps where something is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.stages import Stages
from openyx.relation.tally import RECORD, Tally
from openyx.relation.verbs.sources import Scan
from openyx.relation.verbs.tap import Anchor, Tap

if TYPE_CHECKING:
    from pathlib import Path

    from openyx.relation.relation import Relation


class Lowering:
    """The lazy frames of several relations (each with the tool that takes its records), which share what they share."""

    def __init__(self, ends: Sequence[tuple[Relation, int]], tally: Tally, *, count: bool) -> None:
        self._ends = ends
        self._tally = tally
        self._count = count
        self._stages = Stages(ends)
        self._made: dict[int, Flow] = {}

    @property
    def stages(self) -> int:
        """How many plans are run, one after the other."""
        return self._stages.count

    def frames(self, stage: int) -> dict[int, pl.LazyFrame]:
        """The ends that are reached in *stage*, by their place; what earlier stages carry must be in its place."""
        for relation in self._stages.relations(stage):
            self._made[id(relation)] = self._lowered(relation)
        places = [place for place, (relation, _) in enumerate(self._ends) if self._stages.of(relation) == stage]
        return {place: self._watched(self._ends[place][0]).frame for place in places}

    def carry(self, stage: int, folder: Path) -> list[pl.LazyFrame]:
        """Sinks into *folder* for what later stages need of *stage*; later stages read it from there."""
        sinks: list[pl.LazyFrame] = []
        for number, relation in enumerate(self._stages.carried(stage)):
            path = folder / f"{stage}-{number}.parquet"
            sinks.append(self._watched(relation).frame.sink_parquet(path, compression="lz4", lazy=True))
            self._made[id(relation)] = Flow(pl.scan_parquet(path, glob=False))
        return sinks

    def _lowered(self, relation: Relation) -> Flow:
        verb = relation.verb
        inputs = [self._made[id(source)] for source in relation.inputs]
        if not verb.carries_faults:
            inputs = [self._watched(source) for source in relation.inputs]
        flow = verb.flow(*inputs)
        if isinstance(verb, Tap):
            flow = self._tapped(flow, self._stages.owned[id(relation)][1], verb.anchor if self._count else None)
        elif isinstance(verb, Scan) and self._tally.cancelled is not None and not self._count:
            flow = flow.on(_looked_at(flow.frame, lambda _: self._tally.check()))
        if not self._stages.is_fork(relation):
            return flow
        return Flow(self._tapped(flow, self._stages.owned[id(relation)][1]).frame.cache())

    def _watched(self, relation: Relation) -> Flow:
        return self._tapped(self._made[id(relation)], self._stages.owned[id(relation)][1])

    def _tapped(self, flow: Flow, tool: int, anchor: Anchor | None = None) -> Flow:
        """Without hidden columns: what they hold is noted for *tool*, and the records are counted for *anchor*."""
        tally = self._tally
        if anchor is not None:
            tally.watch(anchor)
        if not flow.faults and anchor is None:
            return flow
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
