"""Look at records in the light of a second table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.types import native_schema
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.fields import Schema
    from openyx.relation.relation import Relation

Learn = Callable[[pl.DataFrame], Callable[[pl.DataFrame], pl.DataFrame]]

_KNOWN = "\0known"


@dataclass(frozen=True, slots=True, eq=False)
class Against(Verb):
    """What the function that ``learn`` makes of all ``others`` makes of each batch of records.

    Batches are of any size and handled at the same time; results stand in the order of the batches.
    """

    records: Relation
    others: Relation
    learn: Learn
    result: Schema

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return self.records, self.others

    def schema(self) -> Schema:
        return self.result

    def flow(self, *inputs: Flow) -> Flow:
        records, others = inputs
        learned: list[Callable[[pl.DataFrame], pl.DataFrame]] = []

        def study(whole: pl.DataFrame) -> pl.DataFrame:
            learned.append(self.learn(whole))
            return pl.DataFrame({_KNOWN: [True]})

        # The one record of the right side comes only when all others are known, and the batches wait for it.
        known = others.frame.map_batches(study, schema={_KNOWN: pl.Boolean()}, streamable=False)
        waiting = records.frame.join(known, how="cross", maintain_order="left_right")
        return Flow(
            waiting.map_batches(
                lambda batch: learned[-1](batch.drop(_KNOWN)), schema=native_schema(self.result), streamable=True
            )
        )
