"""Keep the records for which something is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.verbs.base import Verb

if TYPE_CHECKING:
    from openyx.fields import Schema
    from openyx.relation.expr import Expr
    from openyx.relation.order import Order
    from openyx.relation.relation import Relation

_VERDICT = "\0verdict"


@dataclass(frozen=True, slots=True, eq=False)
class Judge(Verb):
    """The records with a hidden verdict, which is never null; ``Where`` takes it away again."""

    source: Relation
    condition: Expr

    carries_faults = True
    verdict: ClassVar[pl.Expr] = pl.col(_VERDICT)

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return (self.source,)

    def schema(self) -> Schema:
        return self.source.schema

    def order(self) -> Order:
        return self.source.order

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        faults, looks = records.hide([("", self.condition)])
        verdict = self.condition.native.fill_null(value=False).alias(_VERDICT)
        return Flow(records.frame.with_columns(verdict, *looks), records.faults + faults)


@dataclass(frozen=True, slots=True, eq=False)
class Where(Verb):
    """The records for which ``condition`` is true."""

    source: Relation
    condition: pl.Expr

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return (self.source,)

    def schema(self) -> Schema:
        return self.source.schema

    def order(self) -> Order:
        return self.source.order

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return Flow(records.frame.filter(self.condition).drop(_VERDICT, strict=False))


@dataclass(frozen=True, slots=True, eq=False)
class Until(Verb):
    """The judged records before the first for which the verdict is true."""

    source: Relation

    @property
    def inputs(self) -> tuple[Relation, ...]:
        return (self.source,)

    def schema(self) -> Schema:
        return self.source.schema

    def order(self) -> Order:
        return self.source.order

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        passed = Judge.verdict.cast(pl.UInt8).cum_max().alias(_VERDICT)
        return Flow(records.frame.with_columns(passed).filter(Judge.verdict == 0).drop(_VERDICT))
