"""Detour."""

from __future__ import annotations

from openyx.document.config import value
from openyx.relation import Relation
from openyx.tools.base import Tool, tool


@tool("AlteryxBasePluginsGui.Detour.Detour", outputs=("Left", "Right"))
class Detour(Tool):
    """Sends all records to the left, or all to the right.

    Nothing leaves by the other side: tools that are fed by nothing else do not run. Detour End brings the ways
    together.
    """

    right: bool = value("DetourRight", default=False)

    @property
    def closed(self) -> tuple[str, ...]:
        return ("Left",) if self.right else ("Right",)

    def lower(self, records: Relation) -> dict[str, Relation]:
        none = records.limit(0)
        return {"Left": none if self.right else records, "Right": records if self.right else none}
