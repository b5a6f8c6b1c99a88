"""Number the records."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from openyx.fields import INT64, Field, Schema
from openyx.relation.flow import Flow
from openyx.relation.types import column
from openyx.relation.verbs.base import OneInput

_INDEX = "\0index"


@dataclass(frozen=True, slots=True, eq=False)
class Number(OneInput):
    """The records with one more field at the end, an Int64 that counts them in their order from ``start``."""

    name: str
    start: int = 1

    carries_faults = True

    def schema(self) -> Schema:
        return Schema((*self.source.schema, Field(self.name, INT64)))

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted - {self.name},)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        number = (column(_INDEX).cast(pl.Int64) + self.start).alias(self.name)
        frame = records.frame.with_row_index(_INDEX).with_columns(number).drop(_INDEX)
        shown = [column(name) for name in self.source.schema.names if records.has([name])]
        return records.on(frame.select(*shown, column(self.name), *records.hidden()))
