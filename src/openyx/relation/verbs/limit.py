"""Keep a run of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openyx.relation.flow import Flow
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.fields import Schema
    from openyx.relation.order import Order
    from openyx.relation.relation import Relation


@dataclass(frozen=True, slots=True, eq=False)
class Limit(Verb):
    """At most ``count`` records, after ``skip`` ones."""

    source: Relation
    count: int
    skip: int = 0

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return (self.source,)

    def schema(self) -> Schema:
        return self.source.schema

    def order(self) -> Order:
        return self.source.order

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return Flow(records.frame.slice(self.skip, self.count))
