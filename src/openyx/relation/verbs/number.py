"""Number the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from openyx.fields import INT64, Field, Schema
from openyx.relation.flow import Flow
from openyx.relation.types import column
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.relation.order import Order
    from openyx.relation.relation import Relation

_INDEX = "\0index"


@dataclass(frozen=True, slots=True, eq=False)
class Number(Verb):
    """The records with one more field at the end, an Int64 that counts them in their order from ``start``."""

    source: Relation
    name: str
    start: int = 1

    carries_faults = True

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return (self.source,)

    def schema(self) -> Schema:
        return Schema((*self.source.schema, Field(self.name, INT64)))

    def order(self) -> Order:
        return self.source.order

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        number = (column(_INDEX).cast(pl.Int64) + self.start).alias(self.name)
        frame = records.frame.with_row_index(_INDEX).with_columns(number).drop(_INDEX)
        shown = [column(name) for name in self.schema().names]
        return records.on(frame.select(*shown, *records.hidden()))
