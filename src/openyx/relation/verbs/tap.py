"""The place where a run counts records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openyx.relation.verbs.base import OneInput

if TYPE_CHECKING:
    from openyx.relation.flow import Flow


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """An output of a tool: the tool's number and the anchor's name."""

    tool: int
    name: str = "Output"


@dataclass(frozen=True, slots=True, eq=False)
class Tap(OneInput):
    """The same records, counted for an anchor by the run."""

    anchor: Anchor

    carries_faults = True

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted,)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return records
