"""From relations to lazy frames: each computed once, with taps where something is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.tally import RECORD, Tally
from openyx.relation.verbs.sources import Scan, Values
from openyx.relation.verbs.tap import Anchor, Tap

if TYPE_CHECKING:
    from openyx.relation.relation import Relation


def lower(ends: Sequence[tuple[Relation, int]], tally: Tally, *, count: bool) -> list[pl.LazyFrame]:
    """A lazy frame for each of *ends*: a relation, and the tool that takes its records.

    What they share is made once and cached.
    """
    owners = _owners(ends)
    uses = Counter(id(relation) for relation, _ in ends)
    uses.update(id(source) for relation, _ in owners.values() for source in relation.inputs)
    made: dict[int, Flow] = {}
    for relation, tool in owners.values():
        inputs = [made[id(source)] for source in relation.inputs]
        if not relation.verb.carries_faults:
            inputs = [
                _watched(flow, tally, owners[id(source)][1])
                for flow, source in zip(inputs, relation.inputs, strict=True)
            ]
        flow = relation.verb.flow(*inputs)
        flow = _tapped(relation, flow, tally, tool, count=count)
        if uses[id(relation)] > 1 and not isinstance(relation.verb, Values):
            watched = _watched(flow, tally, tool)
            flow = Flow(watched.frame.cache())
        made[id(relation)] = flow
    return [_watched(made[id(relation)], tally, owners[id(relation)][1]).frame for relation, _ in ends]


def _owners(ends: Sequence[tuple[Relation, int]]) -> dict[int, tuple[Relation, int]]:
    """Every relation below *ends* with the tool that its conversion errors belong to, inputs before what uses them.

    A tool's own relations are those between its anchors and the anchors that it takes from.
    """
    tools: dict[int, int] = {}
    found: dict[int, tuple[Relation, int]] = {}
    waiting = [(relation, tool, False) for relation, tool in reversed(ends)]
    while waiting:
        relation, tool, inputs_done = waiting.pop()
        if id(relation) in found:
            continue
        if isinstance(relation.verb, Tap):
            tool = relation.verb.anchor.tool
        tool = tools.setdefault(id(relation), tool)
        if inputs_done:
            found[id(relation)] = relation, tool
            continue
        waiting.append((relation, tool, True))
        waiting.extend((source, tool, False) for source in reversed(relation.inputs))
    return found


def _tapped(relation: Relation, flow: Flow, tally: Tally, tool: int, *, count: bool) -> Flow:
    verb = relation.verb
    if isinstance(verb, Tap):
        return _watched(flow, tally, tool, verb.anchor if count else None)
    if isinstance(verb, Scan) and tally.cancelled is not None and not count:
        return flow.on(_looked_at(flow.frame, lambda _: tally.check()))
    return flow


def _watched(flow: Flow, tally: Tally, tool: int, anchor: Anchor | None = None) -> Flow:
    """Without hidden columns: what they hold is noted, and the records are counted for *anchor*."""
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
