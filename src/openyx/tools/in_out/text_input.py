"""Text Input."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import Ignored, attribute, block, field_type, ignored, many
from openyx.fields import Field, FieldType, Names, Schema
from openyx.messages import Kind
from openyx.relation import text_values
from openyx.tools.base import Context, Lowered, Tool, told, tool
from openyx.tools.shared.inference import inferred

_SINGLE_PRECISION_UNTIL = (9, 0)


@block
class Row:
    """A row as it was typed."""

    cells: tuple[str, ...] = many("c", each="")


@block
class Column:
    """A field's name; other programs write its type, too."""

    name: str = attribute("@name")
    type: FieldType | None = field_type("@type", size="@size", default=None)


@tool("AlteryxBasePluginsGui.TextInput.TextInput", inputs=())
class TextInput(Tool):
    """Records that were typed into the workflow.

    The type of each field is the smallest that holds all its values: Bool, a whole number, Double, a date or time, else
    text of the longest value's size. An empty cell is null.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("NumRows", "the rows count; the number is often wrong"),)

    columns: tuple[Column, ...] = many("Fields/Field", of=Column, required=True)
    rows: tuple[Row, ...] = many("Data/r", of=Row)

    def lower(self, *, context: Context) -> Lowered:
        width = len(self.columns)
        rows = [tuple(cell or None for cell in (row.cells + ("",) * width)[:width]) for row in self.rows]
        saves_space = bool(context.version) and context.version <= _SINGLE_PRECISION_UNTIL
        names = Names()
        types = [
            column.type or inferred([row[place] for row in rows], saves_space=saves_space)
            for place, column in enumerate(self.columns)
        ]
        fields = [
            Field(names.new(column.name), type_, "TextInput:")
            for column, type_ in zip(self.columns, types, strict=True)
        ]
        long = next((number for number, row in enumerate(self.rows, start=1) if len(row.cells) > width), None)
        surplus = (
            (told(Kind.WARNING, f"Row {long} has more than {width} cells; the others are left out"),) if long else ()
        )
        return Lowered(outputs={"Output": text_values(Schema(tuple(fields)), rows)}, messages=surplus)
