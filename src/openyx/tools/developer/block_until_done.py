"""Block Until Done."""

from __future__ import annotations

from openyx.relation import Relation
from openyx.tools.base import Tool, tool


@tool("AlteryxBasePluginsGui.BlockUntilDone.BlockUntilDone", outputs=("Output", "Output2", "Output3"))
class BlockUntilDone(Tool):
    """Lets the records pass once all have arrived: by the first output, when all below it is done by the second, then
    by the third.

    Files that are written stand in their places when the whole run has ended well, whatever the order.
    """

    @property
    def outputs_in_turn(self) -> bool:
        return True

    def lower(self, records: Relation) -> dict[str, Relation]:
        return dict.fromkeys(self.outputs, records)
