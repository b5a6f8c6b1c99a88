"""Unique."""

from __future__ import annotations

from collections.abc import Iterable

from openyx.document.config import many
from openyx.errors import WorkflowError
from openyx.fields import unique
from openyx.formula import bracketed
from openyx.messages import Kind, Message
from openyx.relation import Relation
from openyx.relation.verbs.window import Number
from openyx.tools.base import Context, Lowered, Seen, Tool, told, tool
from openyx.tools.shared.groups import known_groups, only


@tool("AlteryxBasePluginsGui.Unique.Unique", outputs=("Unique", "Duplicates"))
class Unique(Tool):
    """Parts the records into the first of each kind and its repetitions.

    Records are of one kind when the chosen fields are equal: text with its case, and null equals null. Both outputs
    come sorted by these fields, nulls first; records of a kind keep their order.
    """

    fields: tuple[str, ...] = many("UniqueFields/Field", each="@field", required=True)

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        if not self.fields:
            raise WorkflowError("No field is selected")
        names, warnings = known_groups(records, self.fields)
        number = unique("Number", records.schema.names)
        numbered = records.window(names, [Number(number)])
        first, others = numbered.split(context.condition(f"{bracketed(number)} = 1", numbered))
        return Lowered(
            outputs={"Unique": only(first, records), "Duplicates": only(others, records)},
            messages=warnings,
        )

    def report(self, seen: Seen) -> Iterable[Message]:
        if "Unique" in seen.counts:
            yield told(Kind.INFO, f"{seen.counts['Unique']} unique records were found")
