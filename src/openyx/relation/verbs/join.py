"""Put the records of two tables side by side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from openyx.fields import Schema
from openyx.relation.flow import Flow
from openyx.relation.order import AS_IT_ARRIVED, Order
from openyx.relation.types import column, native
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.relation.relation import Relation


class JoinKind(StrEnum):
    """What a join gives: the pairs, with them the left records or all records that have no partner, or only the left
    records without or with one.
    """

    INNER = "inner"
    LEFT = "left"
    FULL = "full"
    ANTI = "anti"
    SEMI = "semi"


@dataclass(frozen=True, slots=True, eq=False)
class Join(Verb):
    """Records of two sides whose fields are equal, in order of the left side and then of the right.

    In a full join the right records without partner come last.
    """

    left: Relation
    right: Relation
    on: tuple[tuple[str, str], ...]
    kind: JoinKind

    def __post_init__(self) -> None:
        if not self.on:
            raise ValueError("a join needs fields to join by")
        for left, right in self.on:
            one, other = self.left.schema[left], self.right.schema[right]
            if native(one.type) != native(other.type):
                raise ValueError(f"{one.name!r} is a {one.type}, {other.name!r} a {other.type}: they cannot be joined")

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return self.left, self.right

    @property
    def _pairs(self) -> bool:
        return self.kind in (JoinKind.INNER, JoinKind.LEFT, JoinKind.FULL)

    def schema(self) -> Schema:
        return Schema(self.left.schema.fields + (self.right.schema.fields if self._pairs else ()))

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        keys = [frozenset(names) for names in zip(*self._keys, strict=True)]
        sides = (self.left.schema.names, self.right.schema.names if self._pairs else ())
        return tuple(key | wanted.intersection(names) for key, names in zip(keys, sides, strict=True))

    @property
    def _keys(self) -> list[tuple[str, str]]:
        named = [(self.left.schema[left].name, self.right.schema[right].name) for left, right in self.on]
        return list(dict.fromkeys(named))

    def order(self) -> Order:
        return AS_IT_ARRIVED if self.kind is JoinKind.FULL else self.left.order

    def flow(self, *inputs: Flow) -> Flow:
        left, right = inputs
        return Flow(
            left.frame.join(
                right.frame,
                left_on=[column(left) for left, _ in self._keys],
                right_on=[column(right) for _, right in self._keys],
                how=self.kind.value,
                nulls_equal=False,
                coalesce=False if self._pairs else None,
                maintain_order="left_right" if self._pairs else "left",
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class Append(Verb):
    """Each left record with every right record, left-major."""

    left: Relation
    right: Relation

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return self.left, self.right

    def schema(self) -> Schema:
        return Schema(self.left.schema.fields + self.right.schema.fields)

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        sides = [source.schema.names for source in self.inputs]
        return tuple(wanted.intersection(names) or frozenset(names[:1]) for names in sides)

    def order(self) -> Order:
        return self.left.order

    def flow(self, *inputs: Flow) -> Flow:
        left, right = inputs
        return Flow(left.frame.join(right.frame, how="cross", maintain_order="left_right"))
