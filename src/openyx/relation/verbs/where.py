"""Keep the records for which something is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from openyx.relation.flow import Flow
from openyx.relation.verbs.base import OneInput
from openyx.relation.wanted import mentioned

if TYPE_CHECKING:
    from openyx.relation.expr import Expr

_VERDICT = "\0verdict"


@dataclass(frozen=True, slots=True, eq=False)
class Judge(OneInput):
    """The records with a hidden verdict, which is never null; ``Where`` takes it away again."""

    condition: Expr

    carries_faults = True
    verdict: ClassVar[pl.Expr] = pl.col(_VERDICT)

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted | mentioned(self.source.schema, self.condition.native, *self.condition.faults),)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        faults, looks = records.hide([("", self.condition)])
        verdict = self.condition.native.fill_null(value=False).alias(_VERDICT)
        return Flow(records.frame.with_columns(verdict, *looks), records.faults + faults)


@dataclass(frozen=True, slots=True, eq=False)
class Where(OneInput):
    """The records for which ``condition`` is true."""

    condition: pl.Expr

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return ((wanted | mentioned(self.source.schema, self.condition)) - {_VERDICT},)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        return Flow(records.frame.filter(self.condition).drop(_VERDICT, strict=False))


@dataclass(frozen=True, slots=True, eq=False)
class Until(OneInput):
    """The judged records before the first for which the verdict is true."""

    def needs(self, wanted: frozenset[str]) -> tuple[frozenset[str], ...]:
        return (wanted,)

    def flow(self, *inputs: Flow) -> Flow:
        (records,) = inputs
        passed = Judge.verdict.cast(pl.UInt8).cum_max().alias(_VERDICT)
        return Flow(records.frame.with_columns(passed).filter(Judge.verdict == 0).drop(_VERDICT))
