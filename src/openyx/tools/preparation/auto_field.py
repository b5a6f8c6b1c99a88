"""Auto Field."""

from __future__ import annotations

from openyx.document.config import many
from openyx.messages import Kind
from openyx.relation import Pick, Relation
from openyx.relation.evidence import judged, witnesses
from openyx.tools.base import Context, Lowered, Tool, told, tool
from openyx.tools.shared.chosen import ChosenField, chosen, missing
from openyx.tools.shared.inference import smallest


@tool("AlteryxBasePluginsGui.AutoField.AutoField")
class AutoField(Tool):
    """Gives each selected text field the smallest type that holds all its values; other fields stay as they are.

    The type is Bool where all values are True, False, T or F, in any case, or all are null; else the smallest whole
    number, Double, Date, DateTime or Time, where all values are such; else text of the longest value's size, fixed
    where that is not much longer than the values are on average. An empty text is a text. Without records nothing
    changes.

    The fields are known only when the records are: they are read to the end before the workflow goes on.
    """

    fields: tuple[ChosenField, ...] = many("Fields/Field", of=ChosenField, required=True)

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        ticked = chosen(records.schema, self.fields, others=True)
        wanted = [field.name for field in ticked if field.type.is_text]
        messages = tuple(
            told(Kind.WARNING, f'The field "{name}" is missing') for name in missing(records.schema, self.fields)
        )
        if not wanted:
            return Lowered(outputs={"Output": records}, messages=messages)
        held = context.held(records)
        seen = judged(context.look(witnesses(held, wanted)), wanted)
        types = {name: smallest(found) for name, found in seen.items() if found.rows}
        picks = [Pick(field.name, type=types.get(field.name)) for field in held.schema]
        return Lowered(outputs={"Output": held.select(picks)}, messages=messages)
