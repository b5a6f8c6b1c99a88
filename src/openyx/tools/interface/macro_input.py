"""Macro Input."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import Ignored, ignored, text, value
from openyx.fields import Names, Schema, folded
from openyx.relation import Pick, Relation, values
from openyx.tools.base import Input, Tool, tool


@tool("AlteryxBasePluginsGui.MacroInput.MacroInput", inputs=(Input(optional=True),))
class MacroInput(Tool):
    """Where records come into a macro; its name is that of the macro's input.

    The fields that arrive replace those of the template. With a field map, the mapped ones take the template's names
    inside the macro and get their own back where they leave it; all others pass as they are. An optional input that is
    not connected gives the template's fields and no record. In a macro that is run by itself the template's records
    come in.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("Abbrev", "the letter that is drawn"),
        ignored("TextInput", "the template, read as Text Input reads it"),
        ignored("FileInput", "the template, read as Input Data reads it"),
        ignored("Optional", "whether it must be connected is looked at where the macro is called"),
    )

    name: str = text("Name", default="")
    from_file: bool = value("UseFileInput", default=False)
    has_field_map: bool = value("ShowFieldMap", default=False)
    field_map: tuple[tuple[str, str], ...] = ()
    template: Schema | None = None
    empty: bool = False

    @property
    def template_block(self) -> str:
        """Where the template's settings are."""
        return "FileInput" if self.from_file else "TextInput"

    @property
    def template_tool(self) -> str:
        """The tool that the template is for."""
        return "DbFileInput" if self.from_file else "TextInput"

    def lower(self, records: Relation | None) -> Relation:
        if records is None:
            schema = self.template or Schema(())
            return values(schema, {name: [] for name in schema.names})
        if self.empty:
            return records.limit(0)
        inside = {folded(outside): name for name, outside in self.field_map}
        mapped = [name for name, outside in self.field_map if outside in records.schema]
        if not mapped:
            return records
        names = Names(mapped)
        return records.select(
            [Pick(name, inside.get(folded(name)) or names.new(name)) for name in records.schema.names]
        )
