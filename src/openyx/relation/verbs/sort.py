"""Put records in order."""

from __future__ import annotations

from dataclasses import dataclass

from openyx.relation.flow import Flow
from openyx.relation.order import Key, Order
from openyx.relation.outside import outside
from openyx.relation.ranking import ranked
from openyx.relation.sorting import Sorter
from openyx.relation.verbs.base import OneInput


@dataclass(frozen=True, slots=True, eq=False)
class Sort(OneInput):
    """The records by ``keys``; records with equal keys stay as they were."""

    keys: tuple[Key, ...]

    def order(self) -> Order:
        return self.source.order if self._is_sorted else Order(self.keys)

    @property
    def _is_sorted(self) -> bool:
        return self.source.order.keys[: len(self.keys)] == self.keys

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted | {self.source.schema[key.field].name for key in self.keys},)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        if self._is_sorted:
            return records
        sorter = Sorter(
            [ranked(self.source.schema[key.field], locale=key.locale) for key in self.keys],
            [key.descending for key in self.keys],
            # A dictionary has places that several texts share.
            () if any(key.locale for key in self.keys) else [self.source.schema[key.field].name for key in self.keys],
        )
        return Flow(records.frame.map_batches(outside(sorter), projection_pushdown=False, slice_pushdown=False))
