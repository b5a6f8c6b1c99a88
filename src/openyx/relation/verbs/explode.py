"""Make a record of each piece of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars.selectors as cs

from openyx.fields import Field, Schema
from openyx.relation.flow import Flow
from openyx.relation.verbs.base import OneInput

if TYPE_CHECKING:
    from openyx.relation.order import Order
    from openyx.relation.pieces import Pieces


@dataclass(frozen=True, slots=True, eq=False)
class Explode(OneInput):
    """Each record once per piece, which ``field`` holds in the place of the field of that name."""

    field: Field
    pieces: Pieces

    def schema(self) -> Schema:
        name = self.source.schema[self.field.name].name
        return Schema(tuple(self.field if field.name == name else field for field in self.source.schema))

    def order(self) -> Order:
        return self.source.order.without(self.field.name)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        lists = records.frame.with_columns(self.pieces.native.alias(self.field.name))
        name = cs.by_name(self.field.name)
        return Flow(lists.explode(name, empty_as_null=False, keep_nulls=True))
