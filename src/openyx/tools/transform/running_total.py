"""Running Total."""

from __future__ import annotations

from openyx.document.config import many
from openyx.errors import WorkflowError
from openyx.fields import Names
from openyx.relation import Relation
from openyx.relation.verbs.window import Running
from openyx.tools.base import Tool, field_of, tool
from openyx.tools.shared.groups import groups


@tool("AlteryxBasePluginsGui.RunningTotal.RunningTotal")
class RunningTotal(Tool):
    """Adds up the values of fields from record to record, in each group on its own: fields ``RunTot_…`` at the end.

    The records come sorted by the groups, nulls first, and keep their order within each. A null adds nothing. Whole
    numbers give an Int64, other numbers a Double, added in the order of the records.
    """

    groups: tuple[str, ...] = many("GroupByFields/Field", each="@field", default=())
    fields: tuple[str, ...] = many("RunningTotalFields/Field", each="@field", required=True)

    def lower(self, records: Relation) -> Relation:
        if not self.fields:
            raise WorkflowError("No field is selected")
        names = Names(records.schema.names)
        totals: list[Running] = []
        for name in self.fields:
            field_of(records, name)
            field = records.schema[name]
            if not field.type.is_number:
                raise WorkflowError(f'The field "{field.name}" is a {field.type}: it cannot be added up')
            total = names.new(f"RunTot_{field.name}")
            totals.append(Running(total, field.name, f"RunningTotal: Total of {field.name}"))
        return records.window(groups(records, self.groups), totals)
