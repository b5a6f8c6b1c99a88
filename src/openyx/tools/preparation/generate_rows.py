"""Generate Rows."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import Ignored, field_type, formula, ignored, text, value
from openyx.errors import WorkflowError
from openyx.fields import INT32, Field, FieldType, Schema, unique
from openyx.formula import Context as World
from openyx.formula import leaves_to_chance, substituted
from openyx.relation import Computed, Relation, values
from openyx.relation.expr import literal
from openyx.settings import GENERATED_ROWS
from openyx.tools.base import Context, Input, Tool, field_of, meant, tool


@tool("AlteryxBasePluginsGui.GenerateRows.GenerateRows", inputs=(Input("Input", optional=True),))
class GenerateRows(Tool):
    """Makes rows by a loop: a value that begins somewhere, and changes as long as a condition holds.

    The first expression gives the first value. While the condition is true of the value there is a row with it, and the
    loop's expression gives the next one. Each value is cast to the field's type before it is looked at. Without an
    input there is one such loop; with one there is a loop for each record, whose rows carry all its fields.

    A loop whose value does not change never ends and is an error, as is a tool that makes more rows than
    ``OPENYX_GENERATED_ROWS`` allows (a billion) or than fit into memory.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("RecordCount", "the condition says how many rows there are"),)

    updates: bool = value("UpdateField", default=False)
    updated: str = text("UpdateField_Name", default="")
    created: str = text("CreateField_Name", default="RowCount")
    type: FieldType = field_type("CreateField_Type", size="CreateField_Size", default=INT32)
    first: str = formula("Expression_Init")
    condition: str = formula("Expression_Cond")
    change: str = formula("Expression_Loop")

    def lower(self, records: Relation | None, *, context: Context) -> Relation:
        known, field = self._begun(records)
        if not all(each.strip() for each in (self.first, self.condition, self.change)):
            raise WorkflowError("An expression is empty")
        first = context.value(self.first, known, target=field.type, number=1)
        begun = known.add_all([Computed(field.name, first, field.type, description=field.description)])
        goes_on = context.condition(self.condition, known, number=2)
        change = context.value(self.change, known, target=field.type, number=3)
        world = context.world or World.here()
        follows = (substituted(each, context.constants) for each in (self.condition, self.change))
        return begun.filter(goes_on).generate(
            field.name,
            change,
            goes_on,
            limit=GENERATED_ROWS.value(world.environment),
            steady=not any(leaves_to_chance(each, world.addins) for each in follows),
            single=records is None,
            tool=context.tool,
        )

    def _begun(self, records: Relation | None) -> tuple[Relation, Field]:
        """The records with the field that changes, and what that field is."""
        if self.updates:
            if records is None:
                raise WorkflowError("A field can be updated only where an input is connected")
            field_of(records, self.updated)
            return records, records.schema[self.updated]
        if not self.created.strip():
            raise WorkflowError("The new field has no name")
        if records is None:
            field = Field(self.created, meant(self.type))
            return values(Schema.of(field), {field.name: [None]}), field
        field = Field(unique(self.created, records.schema.names), meant(self.type))
        return records.add(field.name, literal(None, field.type), field.type), field
