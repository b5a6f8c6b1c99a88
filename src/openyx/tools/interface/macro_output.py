"""Macro Output."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import Ignored, ignored
from openyx.fields import Names, folded
from openyx.relation import Pick, Relation
from openyx.tools.base import Tool, tool


@tool("AlteryxBasePluginsGui.MacroOutput.MacroOutput")
class MacroOutput(Tool):
    """Where records leave a macro; its name is that of the macro's output.

    Fields that got a template's name by the field map of a Macro Input get their own back.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("Abbrev", "the letter that is drawn"),
        ignored("Name", "it is looked at where the macro is called"),
    )

    renamed: tuple[tuple[str, str], ...] = ()

    def lower(self, records: Relation) -> Relation:
        own = {folded(inside): outside for inside, outside in self.renamed}
        if not any(name in records.schema for name in own):
            return records
        names = Names()
        return records.select([Pick(name, names.new(own.get(folded(name), name))) for name in records.schema.names])
