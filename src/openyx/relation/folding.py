"""Summaries of groups that are kept up while records come, in their order: it takes memory for groups alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from openyx.fields import Field, Kind
from openyx.relation.flow import Flow
from openyx.relation.ranking import ranked
from openyx.relation.summaries import COUNTS, How, Summary, whether_counted
from openyx.relation.types import column

AT_ONCE = 60_000
"""So many records are folded at once at least."""

FOLDED = COUNTS - {How.COUNT_DISTINCT, How.COUNT_DISTINCT_NON_NULL} | {
    How.GROUP,
    How.SUM,
    How.AVG,
    How.MIN,
    How.MAX,
    How.FIRST,
    How.LAST,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A column that is kept for each group: what a record brings, and what becomes of it and of those before."""

    name: str
    record: pl.Expr
    group: pl.Expr


class Folder:
    """Takes batches of ``taken`` columns in order; the column of each summary has its name.

    Doubles are added in order of arrival: what a group has so far stands before what comes.
    """

    only_counts = False

    def __init__(
        self,
        groups: Sequence[str],
        summed: Sequence[tuple[str, Summary, Field]],
        finish: Callable[[pl.LazyFrame], Flow],
        check: Callable[[], None],
    ) -> None:
        self._groups = list(groups)
        self._summed = summed
        self._finish = finish
        self._check = check
        self._parts = [part for name, summary, origin in summed for part in _parts(name, summary, origin)]
        self._made: pl.DataFrame | None = None
        self._waiting: list[pl.DataFrame] = []
        self._rows = 0

    def take(self, batch: pl.DataFrame) -> None:
        """Take the next records."""
        self._check()
        self._waiting.append(batch.select(*map(column, self._groups), *(part.record for part in self._parts)))
        self._rows += batch.height
        if self._rows >= max(AT_ONCE, 2 * (0 if self._made is None else self._made.height)):
            self._fold()

    def finish(self) -> Flow:
        """The summaries of all groups, in the order of their first records."""
        self._fold()
        assert self._made is not None
        shown = [_shown(name, summary) for name, summary, _ in self._summed]
        return self._finish(self._made.lazy().select(*map(column, self._groups), *shown))

    def abort(self) -> None:
        """Forget all."""
        self._waiting.clear()
        self._made = None

    def _fold(self) -> None:
        so_far = [] if self._made is None else [self._made]
        if self._waiting or not so_far:
            together = pl.concat([*so_far, *self._waiting], rechunk=True)
            grouped = together.group_by(list(map(column, self._groups)), maintain_order=True)
            self._made = grouped.agg(part.group for part in self._parts)
        self._waiting.clear()
        self._rows = 0


def _parts(name: str, summary: Summary, origin: Field) -> Iterator[_Part]:
    values, kept = column(name), pl.col(name)
    how = summary.how
    if how in COUNTS:
        record = pl.lit(1) if how is How.COUNT else whether_counted(how, values, origin)
        yield _Part(name, record.cast(pl.Int64).alias(name), kept.sum())
    elif how in (How.SUM, How.AVG):
        yield _sum(name, values, origin)
        if how is How.AVG:
            yield _Part(
                _counts(name), values.is_not_null().cast(pl.Int64).alias(_counts(name)), pl.col(_counts(name)).sum()
            )
    elif how in (How.MIN, How.MAX):
        rank = ranked(origin.named(name)) if origin.type.is_wide else None
        least, most = (kept.min(), kept.max()) if rank is None else (kept.min_by(rank), kept.max_by(rank))
        yield _Part(name, values, least if how is How.MIN else most)
    else:
        yield _Part(name, values, kept.last() if how is How.LAST else kept.first())


def _sum(name: str, values: pl.Expr, origin: Field) -> _Part:
    kept = pl.col(name)
    if origin.type.kind in (Kind.FLOAT, Kind.DOUBLE):
        return _Part(name, values.cast(pl.Float64).alias(name), kept.drop_nulls().cum_sum().last())
    record = values if origin.type.kind is Kind.FIXED_DECIMAL else values.cast(pl.Int128)
    return _Part(name, record.alias(name), pl.when(kept.count() > 0).then(kept.sum()))


def _shown(name: str, summary: Summary) -> pl.Expr:
    if summary.how is not How.AVG:
        return pl.col(name)
    return (pl.col(name).cast(pl.Float64) / pl.col(_counts(name))).alias(name)


def _counts(name: str) -> str:
    return f"{name} count"
