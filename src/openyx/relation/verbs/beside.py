"""Put tables side by side, record by record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from openyx.fields import Schema
from openyx.relation.flow import Flow
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.relation.relation import Relation


@dataclass(frozen=True, slots=True, eq=False)
class Beside(Verb):
    """The first records of all relations, the second ones, …; nulls stand where a shorter one has none left."""

    relations: tuple[Relation, ...]

    def __post_init__(self) -> None:
        if not self.relations:
            raise ValueError("nothing stands beside nothing")

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return self.relations

    def schema(self) -> Schema:
        return Schema(tuple(field for relation in self.relations for field in relation.schema))

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        sides = [relation.schema.names for relation in self.relations]
        return tuple(wanted.intersection(names) or frozenset(names[:1]) for names in sides)

    def flow(self, *inputs: Flow) -> Flow:
        return Flow(pl.concat([each.frame for each in inputs], how="horizontal_extend"))
