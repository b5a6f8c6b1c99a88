"""Select."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import Ignored, ignored, many, value
from openyx.messages import Kind
from openyx.relation import Relation
from openyx.tools.base import Lowered, Tool, told, tool
from openyx.tools.shared.grid import GridRow, picked


@tool("AlteryxBasePluginsGui.AlteryxSelect.AlteryxSelect")
class Select(Tool):
    """Keeps, drops, orders, renames and casts fields.

    Fields stay in their order unless it was changed in the tool. ``*Unknown`` stands for the fields that the tool does
    not list. A rename wins over a field that has the name already: that one gets a number.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("SelectFields/SelectField@forced", "a type that is given is always used"),
        ignored("SelectFields/SelectField@input", "there is one input"),
    )

    as_listed: bool = value("OrderChanged", default=False)
    comma_decimal: bool = value("CommaDecimal", default=False)
    rows: tuple[GridRow, ...] = many("SelectFields/SelectField", "Fields/Field", of=GridRow, required=True)

    def lower(self, records: Relation) -> Lowered:
        grid = picked(records.schema, self.rows, as_listed=self.as_listed)
        return Lowered(
            outputs={"Output": records.select(grid.picks, comma_decimal=self.comma_decimal)},
            messages=tuple(told(Kind.WARNING, f'The field "{name}" is missing') for name in grid.missing),
        )
