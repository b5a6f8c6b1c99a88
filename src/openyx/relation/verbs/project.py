"""Pick, order, rename and cast fields."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.fields import Field, FieldType, Schema
from openyx.relation.convert import convert
from openyx.relation.expr import Expr
from openyx.relation.flow import HEIGHT, Flow
from openyx.relation.order import Order
from openyx.relation.types import column, values_of
from openyx.relation.verbs.base import OneInput


@dataclass(frozen=True, slots=True)
class Pick:
    """A field to keep: under another ``name``, cast to another ``type``, with other notes, when given."""

    field: str
    name: str | None = None
    type: FieldType | None = None
    source: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Project(OneInput):
    """The picked fields, in the order of the picks."""

    picks: tuple[Pick, ...]
    comma_decimal: bool = False

    carries_faults = True

    def schema(self) -> Schema:
        return Schema(tuple(_picked(self.source.schema[pick.field], pick) for pick in self.picks))

    def order(self) -> Order:
        kept: dict[str, str] = {}
        for pick, field in zip(self.picks, self.schema(), strict=True):
            origin = self.source.schema[pick.field]
            if origin.type == field.type:
                kept.setdefault(origin.name, field.name)
        return self.source.order.renamed(kept)

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        picked = zip(self.picks, self.schema(), strict=True)
        if not self.picks:
            return (frozenset(self.source.schema.names[:1]),)
        taken = [pick for pick, field in picked if field.name in wanted or self._value(pick, field).faults]
        return (frozenset(self.source.schema[pick.field].name for pick in taken),)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        picked = zip(self.picks, self.schema(), strict=True)
        there = [(pick, field) for pick, field in picked if records.has([self.source.schema[pick.field].name])]
        made = [(field.name, self._value(pick, field)) for pick, field in there]
        faults, looks = records.hide(made)
        shown = [expr.native.alias(name) for name, expr in made]
        if not self.picks:
            shown = [self._height().alias(HEIGHT)]
        return Flow(records.frame.select(*shown, *records.hidden(), *looks), records.faults + faults)

    def _height(self) -> pl.Expr:
        names = self.source.schema.names
        return column(names[0] if names else HEIGHT).is_null()

    def _value(self, pick: Pick, field: Field) -> Expr:
        origin = self.source.schema[pick.field]
        value = Expr(values_of(origin.name), origin.type)
        return value if origin.type == field.type else convert(value, field.type, comma_decimal=self.comma_decimal)


def _picked(field: Field, pick: Pick) -> Field:
    return Field(
        field.name if pick.name is None else pick.name,
        pick.type or field.type,
        field.source if pick.source is None else pick.source,
        field.description if pick.description is None else pick.description,
    )
