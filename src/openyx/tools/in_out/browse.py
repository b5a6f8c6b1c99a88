"""Browse."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import Ignored, ignored
from openyx.relation import Relation
from openyx.tools.base import Lowered, Tool, tool


@tool("AlteryxBasePluginsGui.BrowseV2.BrowseV2", "AlteryxBasePluginsGui.Browse.Browse", outputs=())
class Browse(Tool):
    """Shows the records that arrive; the gallery offers them as an output of the job."""

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("TempFile", "where the designer kept the records"),
        ignored("TempFileDataProfiling", "where the designer kept its profile"),
        ignored("Layout", "how the designer showed them"),
        ignored("Name", "a leftover of a macro's anchor"),
        ignored("Abbrev", "a leftover of a macro's anchor"),
    )

    def lower(self, records: Relation) -> Lowered:
        return Lowered(shown=records)
