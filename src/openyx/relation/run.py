"""How relations are run: all sinks of a workflow in one streaming plan, counted and watched while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from openyx.relation.relation import Relation
from openyx.relation.table import Table
from openyx.relation.verbs.tap import Anchor

if TYPE_CHECKING:
    import polars as pl

ERRORS_LISTED = 10


class Writer(Protocol):
    """Where the records of a relation go while a run makes them; the engine hands it in, ``formats`` makes it."""

    def write(self, batch: pl.DataFrame) -> None:
        """Take the next records, in order; never called at the same time twice."""
        ...

    def close(self) -> None:
        """All records came: make the result visible."""
        ...

    def abort(self) -> None:
        """The run failed or was cancelled: leave nothing behind."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Keep:
    """A sink that keeps records in memory: all, or the first ``limit`` (the others are counted)."""

    relation: Relation
    limit: int | None = None
    tool: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """A sink that hands all records to a writer; the run closes or aborts it."""

    relation: Relation
    writer: Writer
    tool: int = -1


Sink = Keep | Write


@dataclass(frozen=True, slots=True)
class Faulted:
    """The conversion errors of one field of a tool: how many, and the first of them by record (counted from 0)."""

    tool: int
    field: str
    count: int
    first: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    ``results`` stand as the sinks were given: a table for ``Keep``, the number of records for ``Write``. ``counts``
    tells the records per anchor, ``faults`` the conversion errors by tool, in field order of their first appearance.
    """

    results: tuple[Table | int, ...]
    counts: Mapping[Anchor, int] = field(default_factory=dict[Anchor, int])
    faults: tuple[Faulted, ...] = ()


def run(
    sinks: Sequence[Sink],
    *,
    count: bool = True,
    listed: int = ERRORS_LISTED,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[Anchor, int], None] | None = None,
) -> Outcome:
    """Run all *sinks* as one plan and give their results.

    Every record is read once however many sinks it reaches. Order is kept, and the same input gives the same bits.
    *count* counts records at each ``tap``; *listed* is how many conversion errors per field come with their text
    (all are counted). *cancelled* is asked between batches, from several threads; when it says yes, ``JobCancelled``
    is raised. *progress* is told an anchor and its records so far, between batches and from several threads.

    What a writer, a reader or a function of ``map_batches`` raises comes out as it is; the writers are aborted then.
    """
    raise NotImplementedError
