"""The place where a run counts records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.fields import Schema
    from openyx.relation.flow import Flow
    from openyx.relation.order import Order
    from openyx.relation.relation import Relation


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """An output of a tool: the tool's number and the anchor's name."""

    tool: int
    name: str = "Output"


@dataclass(frozen=True, slots=True, eq=False)
class Tap(Verb):
    """The same records, counted for an anchor by the run."""

    source: Relation
    anchor: Anchor

    carries_faults = True

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return (self.source,)

    def schema(self) -> Schema:
        return self.source.schema

    def order(self) -> Order:
        return self.source.order

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return records
