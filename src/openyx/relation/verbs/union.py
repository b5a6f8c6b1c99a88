"""Put tables one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from openyx.relation.flow import HEIGHT, Flow
from openyx.relation.types import column, native_schema
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.fields import Schema
    from openyx.relation.relation import Relation


@dataclass(frozen=True, slots=True, eq=False)
class Union(Verb):
    """All records of the first relation, then of the second, …"""

    relations: tuple[Relation, ...]

    def __post_init__(self) -> None:
        if not self.relations:
            raise ValueError("a union of nothing has no fields")
        first = native_schema(self.relations[0].schema)
        for number, other in enumerate(self.relations[1:], 2):
            if list(native_schema(other.schema).items()) != list(first.items()):
                raise ValueError(f"relation {number} of a union has other fields than the first")

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return self.relations

    def schema(self) -> Schema:
        return self.relations[0].schema

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted,) * len(self.relations)

    def flow(self, *inputs: Flow) -> Flow:
        names = [name for name in self.schema().names if inputs[0].has([name])]
        shown = [column(name) for name in names or [HEIGHT]]
        return Flow(pl.concat([part.frame.select(shown) for part in inputs], how="vertical", rechunk=False))
