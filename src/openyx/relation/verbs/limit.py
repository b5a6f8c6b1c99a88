"""Keep a run of records."""

from __future__ import annotations

from dataclasses import dataclass

from openyx.relation.flow import Flow
from openyx.relation.verbs.base import OneInput


@dataclass(frozen=True, slots=True, eq=False)
class Limit(OneInput):
    """At most ``count`` records, after ``skip`` ones."""

    count: int
    skip: int = 0

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return Flow(records.frame.slice(self.skip, self.count))
