"""Detour End."""

from __future__ import annotations

from openyx.errors import WorkflowError
from openyx.fields import Schema, folded
from openyx.relation import Pick, Relation, union
from openyx.tools.base import Input, Tool, tool


@tool("AlteryxBasePluginsGui.DetourEnd.DetourEnd", inputs=(Input("Left", optional=True), Input("Right", optional=True)))
class DetourEnd(Tool):
    """Brings the ways of a Detour together again: the records of the one that was taken, with its fields.

    Where both have records, because no Detour closes one of them, those of the left come first; both must have the
    same fields.
    """

    def lower(self, left: Relation | None, right: Relation | None) -> Relation:
        if left is None or right is None:
            found = left or right
            if found is None:
                raise WorkflowError("The Left or the Right input must be connected")
            return found
        if _fields(left.schema) != _fields(right.schema):
            raise WorkflowError("The Left and the Right input have different fields")
        same = zip(right.schema.names, left.schema, strict=True)
        return union([left, right.select([Pick(name, field.name, field.type) for name, field in same])])


def _fields(schema: Schema) -> list[tuple[str, object]]:
    return [(folded(field.name), field.type.kind) for field in schema]
