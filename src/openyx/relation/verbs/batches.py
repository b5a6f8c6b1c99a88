"""The one verb that is not relational: a function over batches of records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openyx.relation.flow import Flow
from openyx.relation.order import AS_IT_ARRIVED, Order
from openyx.relation.types import native_schema
from openyx.relation.verbs.base import OneInput

if TYPE_CHECKING:
    import polars as pl

    from openyx.fields import Schema


@dataclass(frozen=True, slots=True, eq=False)
class MapBatches(OneInput):
    """What ``function`` makes of each batch; results stand in the order of the batches. Or of all records at once."""

    function: Callable[[pl.DataFrame], pl.DataFrame]
    result: Schema
    at_once: bool = False

    def schema(self) -> Schema:
        return self.result

    def order(self) -> Order:
        return AS_IT_ARRIVED

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        schema = native_schema(self.result)
        return Flow(records.frame.map_batches(self.function, schema=schema, streamable=not self.at_once))
