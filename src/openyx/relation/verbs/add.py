"""Compute fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openyx.fields import Field, FieldType, Schema
from openyx.relation.convert import convert
from openyx.relation.expr import Expr
from openyx.relation.flow import Flow
from openyx.relation.order import Order
from openyx.relation.types import column
from openyx.relation.verbs.base import OneInput
from openyx.relation.wanted import mentioned


class Place(StrEnum):
    """Where new fields stand."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A field to compute: its name, the expression, and the type that the result is cast to (else as it comes)."""

    name: str
    expr: Expr
    type: FieldType | None = None
    source: str = ""
    description: str = ""

    def field(self) -> Field:
        """What the new field is."""
        return Field(self.name, self.type or self.expr.type, self.source, self.description)


@dataclass(frozen=True, slots=True, eq=False)
class Add(OneInput):
    """The records with more fields; one whose name exists takes that field's place and spelling."""

    columns: tuple[Computed, ...]
    at: Place = Place.LAST

    carries_faults = True

    def schema(self) -> Schema:
        fields = list(self.source.schema)
        new: list[Field] = []
        for computed in self.columns:
            place = self.source.schema.place(computed.name)
            if place is None:
                new.append(computed.field())
            else:
                fields[place] = computed.field().named(fields[place].name)
        return Schema(tuple(new + fields if self.at is Place.FIRST else fields + new))

    def order(self) -> Order:
        return self.source.order.without(*(self._name(computed) for computed in self.columns))

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        made = self._made()
        taken = [expr for name, expr in made if name in wanted or expr.faults]
        return ((wanted - dict(made).keys()).union(*map(self._from, taken)),)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        made = [(name, expr) for name, expr in self._made() if records.has(self._from(expr))]
        faults, looks = records.hide(made)
        frame = records.frame.with_columns(*(expr.native.alias(name) for name, expr in made), *looks)
        if self.at is Place.FIRST:
            hidden = [fault.column for fault in records.faults + faults]
            there = {name for name, _ in made}
            shown = [name for name in self.schema().names if name in there or records.has([name])]
            frame = frame.select([column(name) for name in (*shown, *hidden)])
        return Flow(frame, records.faults + faults)

    def _made(self) -> list[tuple[str, Expr]]:
        return [(self._name(computed), _value(computed)) for computed in self.columns]

    def _from(self, expr: Expr) -> frozenset[str]:
        return mentioned(self.source.schema, expr.native, *expr.faults)

    def _name(self, computed: Computed) -> str:
        field = self.source.schema.find(computed.name)
        return field.name if field else computed.name


def _value(computed: Computed) -> Expr:
    return convert(computed.expr, computed.type or computed.expr.type, computed=True)
