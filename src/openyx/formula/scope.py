"""What the names in an expression stand for: fields, constants, fields of other records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from openyx.fields import Family, Field, Schema, folded
from openyx.formula.nodes import Name
from openyx.formula.shelf import World
from openyx.formula.source import Source, meant
from openyx.relation.expr import Expr, literal
from openyx.relation.expr import field as field_values

Constant = str | int | float | bool | Expr
"""What ``[User.x]``, ``[Engine.x]``, ``[Question.x]``, ``[#1]`` or ``[_CurrentField_]`` stands for."""

Rows = Callable[[Field, int], Expr | None]
"""Gives the value that a field has some records further on (+) or back (-): what ``[Row-1:Field]`` means.

Nothing is for records that are too far away.
"""


@dataclass(frozen=True)
class Scope:
    """Where an expression stands."""

    source: Source
    schema: Schema
    world: World
    constants: Mapping[str, Constant] = field(default_factory=dict[str, Constant])
    rows: Rows | None = None

    @cached_property
    def _constants(self) -> Mapping[str, Constant]:
        return {folded(name): value for name, value in self.constants.items()}

    def values(self, name: Name) -> Expr:
        """The values of a name; a field comes before a constant of the same name.

        Raises ``FormulaError`` for a name that stands for nothing.
        """
        found = self.schema.find(name.name)
        if name.row is not None:
            return self._elsewhere(name, found, name.row)
        if found is not None:
            return field_values(found)
        constant = self._constants.get(folded(name.name))
        if constant is None:
            raise self._unknown(name.name, name)
        return constant if isinstance(constant, Expr) else literal(constant)

    def family(self, name: Name) -> Family | None:
        """The family of a name's values; nothing for a null that fits everywhere."""
        values = self.values(name)
        return None if values.void else values.type.family

    def _elsewhere(self, name: Name, found: Field | None, row: int) -> Expr:
        if self.rows is None:
            advice = "only Multi-Row Formula reads other records"
            raise self.source.problem(f'Unknown variable "Row{row:+d}:{name.name}"', name.at, advice=advice)
        if found is None:
            raise self._unknown(name.name, name)
        values = self.rows(found, row)
        if values is None:
            advice = "the tool looks at fewer records"
            raise self.source.problem(f'Unknown variable "Row{row:+d}:{name.name}"', name.at, advice=advice)
        return values

    def _unknown(self, name: str, node: Name) -> Exception:
        near = meant(name, [*self.schema.names, *self.constants])
        what = "constant" if "." in name else "field"
        advice = f'no {what} named "{name}"' + (f"; {near}" if near else "")
        return self.source.problem(f'Unknown variable "{name}"', node.at, advice=advice, hint=near)
