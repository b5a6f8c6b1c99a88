"""Keep a run of records."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.verbs.base import OneInput

_PLACE = "\0place"


@dataclass(frozen=True, slots=True, eq=False)
class Limit(OneInput):
    """At most ``count`` records (``None``: all), after ``skip`` ones."""

    count: int | None
    skip: int = 0

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted,)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return Flow(records.frame.slice(self.skip, self.count))

    def drained(self, *inputs: Flow) -> Flow:
        """The same, with all records taken: what is before it is counted to the end."""
        (records,) = inputs
        place = pl.col(_PLACE)
        wanted = place >= self.skip
        if self.count is not None:
            wanted &= place < self.skip + self.count
        return Flow(records.frame.with_row_index(_PLACE).filter(wanted).drop(_PLACE))
