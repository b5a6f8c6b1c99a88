"""Formula."""

from __future__ import annotations

from openyx.document.config import attribute, block, field_type, formula, many
from openyx.errors import WorkflowError
from openyx.fields import V_WSTRING, FieldType
from openyx.relation import Relation
from openyx.tools.base import Context, Tool, meant, tool


@block
class FormulaField:
    """A line: the field that it makes or changes, and the expression."""

    field: str = attribute("@field")
    expression: str = formula("@expression")
    type: FieldType = field_type("@type", size="@size", default=V_WSTRING)
    enabled: bool = attribute("@enabled", default=True)


@tool("AlteryxBasePluginsGui.Formula.Formula")
class Formula(Tool):
    """Computes fields, line by line: a line sees what the lines above it made.

    A field that exists keeps its place, type and size, whatever the line says; any other is added at the end.
    """

    lines: tuple[FormulaField, ...] = many("FormulaFields/FormulaField", of=FormulaField, required=True)

    def lower(self, records: Relation, *, context: Context) -> Relation:
        for number, line in enumerate(self.lines, start=1):
            if not line.enabled:
                continue
            if not line.field.strip():
                raise WorkflowError(f"Expression #{number} has no output field")
            present = records.schema.find(line.field)
            type_ = present.type if present else meant(line.type)
            value = context.value(line.expression, records, target=type_, number=number)
            records = records.add(
                line.field,
                value,
                type_,
                source=f"Formula: {line.expression}",
                description=present.description if present else "",
            )
        return records
