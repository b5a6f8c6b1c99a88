"""Arrange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from openyx.document.config import Ignored, attribute, block, ignored, many
from openyx.errors import WorkflowError
from openyx.fields import Field, Names
from openyx.relation import Computed, Relation, Stacked
from openyx.tools.base import Approximate, Tool, field_of, tool
from openyx.tools.shared.groups import groups
from openyx.tools.shared.inference import fixed_text
from openyx.tools.shared.widening import common

NO_FIELD = "[none]"
TEXT = "text"


@block
class Column:
    """A field of the result: of type ``text`` it holds what stands in the cells, else the fields named there."""

    name: str = attribute("@name")
    type: str = attribute("@type", default="combobox")


@block
class Line:
    """A record that is made of each one: a cell for each column."""

    cells: tuple[str, ...] = many("c", each="")


@dataclass(frozen=True, slots=True)
class _Made:
    """A column with its cells; those of field columns are the names of fields that hold the values in its type."""

    field: Field
    cells: tuple[str | None, ...]
    is_text: bool


@tool("AlteryxBasePluginsGui.Arrange.Arrange")
class Arrange(Tool):
    """Makes several records of each, laid out by hand: every cell holds a field's value, or a text.

    The key fields stand in front, as listed, then the columns. The records of the first record come first. ``[none]``
    and empty cells are null. A column of fields has the type that all of them fit in; a column of texts is as long as
    its longest text.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("KeyFields@orderChanged", "key fields come as listed"),
        ignored("OutputFields/Columns/Column@context", "a help for filling in texts, which are written out"),
    )

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("the types of columns, and that empty texts are null, are assumed"),
    )

    keys: tuple[str, ...] = many("KeyFields/Field", each="@name", default=())
    columns: tuple[Column, ...] = many("OutputFields/Columns/Column", of=Column, required=True)
    lines: tuple[Line, ...] = many("OutputFields/Data/r", of=Line)

    def lower(self, records: Relation) -> Relation:
        if not self.columns:
            raise WorkflowError("No column is there")
        for number, line in enumerate(self.lines, start=1):
            if len(line.cells) != len(self.columns):
                raise WorkflowError(f"Line {number} has {len(line.cells)} cells for {len(self.columns)} columns")
        keys = groups(records, self.keys)
        names = Names(keys)
        made = [self._made(place, records, names.new(column.name)) for place, column in enumerate(self.columns)]
        hidden = Names(records.schema.names)
        casts: list[Computed] = []
        stacked = [_stacked(each, records, hidden, casts) for each in made]
        return records.add_all(casts).unpivot(keys, stacked)

    def _made(self, place: int, records: Relation, name: str) -> _Made:
        cells = tuple(line.cells[place] for line in self.lines)
        if self.columns[place].type == TEXT:
            return _Made(
                Field(name, fixed_text(cells), "Arrange:"), tuple(cell or None for cell in cells), is_text=True
            )
        fields = tuple(None if cell in ("", NO_FIELD) else cell for cell in cells)
        for field in filter(None, fields):
            field_of(records, field)
        types = [records.schema[field].type for field in fields if field]
        type_ = common(types) if types else fixed_text(())
        return _Made(Field(name, type_, "Arrange:"), fields, is_text=False)


def _stacked(made: _Made, records: Relation, hidden: Names, casts: list[Computed]) -> Stacked:
    """The column, with fields that have another type cast under names of their own."""
    if made.is_text:
        return Stacked(made.field, texts=made.cells)
    fields: list[str | None] = []
    for name in made.cells:
        if name is None or records.schema[name].type == made.field.type:
            fields.append(name)
            continue
        fields.append(hidden.new(records.schema[name].name))
        casts.append(Computed(fields[-1] or "", records.field(name), made.field.type))
    return Stacked(made.field, fields=tuple(fields))
