"""Make Columns."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import Ignored, ignored, many, text, value
from openyx.errors import WorkflowError
from openyx.fields import INT64, Names, folded
from openyx.formula import bracketed
from openyx.relation import Cell, Relation
from openyx.relation.verbs.window import Number, Size
from openyx.tools.base import Approximate, Context, Tool, tool
from openyx.tools.shared.groups import groups as grouping

MOST_COLUMNS = 10_000


@tool("AlteryxBasePluginsGui.MakeColumns.MakeColumns")
class MakeColumns(Tool):
    """Wraps the records into several columns: fields ``Column_1_…``, ``Column_2_…``, each with all that arrives.

    Horizontally the records fill row after row from left to right, vertically column after column from top to bottom;
    what is left over is null. With group fields the records are sorted by them, each group begins a new row, and the
    group fields stand in front once.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("GroupFields@orderChanged", "groups go as listed"),)

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("the order of the fields is assumed for records of several fields"),
    )

    count: int = text("NumColumns")
    horizontal: bool = value("IsHorizontal", default=True)
    groups: tuple[str, ...] = many("GroupFields/Field", each="@name", default=())

    def lower(self, records: Relation, *, context: Context) -> Relation:
        if not 1 <= self.count <= MOST_COLUMNS:
            raise WorkflowError(f"The number of columns is {self.count}, and must be from 1 to {MOST_COLUMNS}")
        groups = grouping(records, self.groups)
        hidden = Names(records.schema.names)
        number, size, row, column = map(hidden.new, ("Number", "Size", "Row", "Column"))
        placed = records.window(groups, [Number(number), Size(size)])
        before = f"({bracketed(number)} - 1)"
        height = f"Ceil({bracketed(size)} / {self.count})"
        across, down = f"Mod({before}, {self.count})", f"Floor({before} / {self.count})"
        if not self.horizontal:
            across, down = f"Floor({before} / {height})", f"Mod({before}, {height})"
        placed = placed.add(row, context.value(down, placed), INT64).add(column, context.value(across, placed), INT64)
        names = Names([*groups, row])
        cells = [
            Cell(field=field.named(names.new(f"Column_{place + 1}_{field.name}")), of=field.name, header=place)
            for place in range(self.count)
            for field in records.schema
            if folded(field.name) not in map(folded, groups)
        ]
        wrapped = placed.pivot([*groups, row], column, range(self.count), cells)
        return wrapped.select([name for name in wrapped.schema.names if name != row])
