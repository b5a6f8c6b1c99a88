"""Keep a run of records."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.verbs.base import OneInput

_PLACE = "\0place"
_MOST = 2**32 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Limit(OneInput):
    """At most ``count`` records (``None``: all), after ``skip`` ones."""

    count: int | None
    skip: int = 0

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted,)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return Flow(records.frame.slice(*self._range))

    @property
    def _range(self) -> tuple[int, int | None]:
        """What is skipped and what is kept, as far as the data engine can count records."""
        return min(self.skip, _MOST), None if self.count is None else min(self.count, _MOST)

    def drained(self, *inputs: Flow) -> Flow:
        """The same, with all records taken: what is before it is counted to the end."""
        (records,) = inputs
        place = pl.col(_PLACE).cast(pl.Int64)
        skip, count = self._range
        wanted = place >= skip
        if count is not None:
            wanted &= place < skip + count
        return Flow(records.frame.with_row_index(_PLACE).filter(wanted).drop(_PLACE))
