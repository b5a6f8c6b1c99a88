"""Mask."""

from __future__ import annotations

from openyx.document.config import text
from openyx.errors import WorkflowError
from openyx.formula import bracketed
from openyx.relation import Relation
from openyx.tools.base import Context, Tool, field_of, tool


@tool("AcmeTools.Mask.Mask")
class Mask(Tool):
    """Hides all but the last characters of a text field.

    Null stays null, and a text that is no longer than what may be seen stays as it is.
    """

    field: str = text("Field")
    visible: int = text("Visible", default=4)

    def lower(self, records: Relation, context: Context) -> Relation:
        shown = field_of(records, self.field)
        if not shown.type.is_text:
            raise WorkflowError(f'The field "{self.field}" is no text')
        if self.visible < 0:
            raise WorkflowError(f"{self.visible} characters cannot be seen")
        name = bracketed(self.field)
        masked = f"PadLeft(Right({name}, {self.visible}), Length({name}), '*')"
        return records.add(self.field, context.value(masked, records), shown.type)
