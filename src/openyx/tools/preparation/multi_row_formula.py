"""Multi-Row Formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from openyx.document.config import field_type, formula, many, text, value
from openyx.errors import WorkflowError
from openyx.fields import INT32, Field, FieldType, Schema, unique
from openyx.formula import compile_recurrence
from openyx.relation import Computed, Expr, Relation
from openyx.relation.expr import field as field_values
from openyx.relation.expr import literal
from openyx.relation.verbs.window import Beyond, Neighbour
from openyx.tools.base import Context, Tool, field_of, meant, tool
from openyx.tools.shared.groups import groups, only


class Others(StrEnum):
    """What stands for rows that do not exist."""

    EMPTY = "Empty"
    NULL = "NULL"
    NEAREST = "Nearest"


_BEYOND = {Others.EMPTY: Beyond.EMPTY, Others.NULL: Beyond.NULL, Others.NEAREST: Beyond.NEAREST}


@tool("AlteryxBasePluginsGui.MultiRowFormula.MultiRowFormula")
class MultiRowFormula(Tool):
    """Computes a field from the values of several records: ``[Row-1:Sales]`` is the record before, ``[Row+1:Sales]``
    the one after.

    Records are computed in their order. Of the field that is computed, earlier records show their new values and later
    ones what they had before: ``[Row-1:Sum] + [Sales]`` is a running sum. A new field comes at the end and has nothing
    in it yet; a field that exists keeps its place, type and size.

    With groups the records come sorted by them, nulls first, and keep their order within each; other groups' records
    do not exist for the formula. Records that do not exist count as 0 or an empty text (a date has no such value and is
    null), as null, or as the nearest one of the group.
    """

    updates: bool = value("UpdateField", default=False)
    updated: str = text("UpdateField_Name", default="")
    created: str = text("CreateField_Name", default="")
    type: FieldType = field_type("CreateField_Type", size="CreateField_Size", default=INT32)
    others: Others = text("OtherRows", default=Others.EMPTY)
    reach: int = value("NumRows", default=1)
    expression: str = formula("Expression")
    groups: tuple[str, ...] = many("GroupByFields/Field", each="@field", default=())

    def lower(self, records: Relation, *, context: Context) -> Relation:
        if not self.expression.strip():
            raise WorkflowError("The expression is empty")
        known, target = self._target(records)
        rows = _Rows(known.schema, _BEYOND[self.others])
        made = compile_recurrence(
            self.expression,
            known.schema,
            target.name,
            rows=rows.values,
            reach=self.reach,
            constants=context.constants,
            context=context.world,
        )
        names = groups(records, self.groups)
        seen = known.window(names, rows.neighbours.values()) if rows.neighbours or names else known
        if isinstance(made, Expr):
            computed = Computed(target.name, made, target.type, target.source, target.description)
            return only(seen.add_all([computed]), known)
        return only(seen.recur(names, target, made, rows.beyond), known)

    def _target(self, records: Relation) -> tuple[Relation, Field]:
        """The records with the field that is computed, as it is before, and what that field is."""
        source = f"Formula: {self.expression}"
        if self.updates:
            field_of(records, self.updated)
            present = records.schema[self.updated]
            return records, Field(present.name, present.type, source, present.description)
        if not self.created.strip():
            raise WorkflowError("The new field has no name")
        name, type_ = unique(self.created, records.schema.names), meant(self.type)
        return records.add(name, literal(None, type_), type_), Field(name, type_, source)


@dataclass(slots=True)
class _Rows:
    """The values of other records that an expression asks for, as fields to be added."""

    schema: Schema
    beyond: Beyond
    neighbours: dict[tuple[str, int], Neighbour] = field(default_factory=dict[tuple[str, int], Neighbour])

    def values(self, of: Field, row: int) -> Expr:
        if (of.name, row) not in self.neighbours:
            taken = [*self.schema.names, *(each.name for each in self.neighbours.values())]
            name = unique(f"Row{row:+d}:{of.name}", taken)
            self.neighbours[of.name, row] = Neighbour(name, of.name, row, self.beyond)
        return field_values(of.named(self.neighbours[of.name, row].name))
