"""Put records in order."""

from __future__ import annotations

from dataclasses import dataclass

from openyx.errors import NotYet
from openyx.relation.flow import Flow
from openyx.relation.order import Key, Order
from openyx.relation.ranking import ranked
from openyx.relation.verbs.base import OneInput


@dataclass(frozen=True, slots=True, eq=False)
class Sort(OneInput):
    """The records by ``keys``; records with equal keys stay as they were."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        locale = next((key.locale for key in self.keys if key.locale), None)
        if locale is not None:
            raise NotYet(f"sorting by the dictionary of locale {locale}")

    def order(self) -> Order:
        return Order(self.keys)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        if not self.keys or self.source.order == Order(self.keys):
            return records
        return Flow(
            records.frame.sort(
                [ranked(self.source.schema[key.field]) for key in self.keys],
                descending=[key.descending for key in self.keys],
                nulls_last=[key.descending for key in self.keys],
                maintain_order=True,
            )
        )
