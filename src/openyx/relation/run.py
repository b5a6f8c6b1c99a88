"""How relations are run: all sinks of a workflow in one streaming plan, counted and watched while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Protocol

import polars as pl

from openyx.errors import Missing, OpenYXError, WorkflowError
from openyx.relation.lowering import Lowering
from openyx.relation.relation import Relation
from openyx.relation.table import Table
from openyx.relation.tally import Faulted, Tally
from openyx.relation.types import native_schema
from openyx.relation.verbs.tap import Anchor

ERRORS_LISTED = 10

_PLAN = "\n\nThis error occurred in the following expression:"


class Writer(Protocol):
    """Where the records of a relation go while a run makes them; the engine hands it in, ``formats`` makes it."""

    def write(self, batch: pl.DataFrame) -> None:
        """Take the next records, in order; never called at the same time twice."""
        ...

    def close(self) -> object:
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
class Outcome:
    """What a run gave.

    ``results`` stand as the sinks were given: a table for ``Keep``, the number of records for ``Write``. ``counts``
    tells the records per anchor, ``faults`` the conversion errors by tool, in field order of their first appearance.
    """

    results: tuple[Table | int, ...]
    counts: Mapping[Anchor, int] = field(default_factory=dict[Anchor, int])
    faults: tuple[Faulted, ...] = ()

    def table(self, place: int) -> Table:
        """What the sink at *place* kept. Raises ``TypeError`` when that one wrote."""
        result = self.results[place]
        if isinstance(result, int):
            raise TypeError(f"sink {place} wrote its records")
        return result


def run(
    sinks: Sequence[Sink],
    *,
    count: bool = True,
    listed: int = ERRORS_LISTED,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[Anchor, int], None] | None = None,
) -> Outcome:
    """Run all *sinks* as one plan (a very large one in stages) and give their results.

    Every record is read once however many sinks it reaches. Order is kept, and the same input gives the same bits.
    *count* counts records at each ``tap``; *listed* is how many conversion errors per field come with their text
    (all are counted). *cancelled* is asked between batches, from several threads; when it says yes, ``JobCancelled``
    is raised. *progress* is told an anchor and its records so far, between batches and from several threads.

    What a writer, a reader or a function of ``map_batches`` raises comes out as it is, and ``WorkflowError`` for what
    the data engine itself refuses (a sum of more than 38 digits, a disk that is full); the writers are aborted then.
    """
    tally = Tally(listed=listed, cancelled=cancelled, progress=progress)
    drains = [_Keeping(sink, tally) if isinstance(sink, Keep) else _Writing(sink, tally) for sink in sinks]
    try:
        tally.check()
        lowering = Lowering([(sink.relation, sink.tool) for sink in sinks], tally, count=count)
        between = (
            TemporaryDirectory(prefix="openyx-", ignore_cleanup_errors=True) if lowering.stages > 1 else nullcontext("")
        )
        with between as folder:
            for stage in range(lowering.stages):
                frames = lowering.frames(stage)
                plans = [frame.sink_batches(drains[place].take, lazy=True) for place, frame in frames.items()]
                pl.collect_all(plans + lowering.carry(stage, Path(folder)), engine="streaming")
        results = tuple(drain.finish() for drain in drains)
    except BaseException as error:
        for drain in drains:
            drain.abort()
        if isinstance(error, pl.exceptions.PolarsError):
            raise WorkflowError(f"The data engine stopped: {error}") from error
        if isinstance(error, OpenYXError):
            _clear(error)
        raise
    return Outcome(results, dict(tally.counts), tally.faulted())


def _clear(error: OpenYXError) -> None:
    """Take the engine's plan out of the message: it makes the errors of expressions anew, with that behind."""
    message, plan, _ = error.message.partition(_PLAN)
    if not plan:
        return
    if isinstance(error, Missing):
        message = message.removeprefix(f"{error.word}: ")
        error.detail = message.removeprefix(f"{error.word}: ")
    error.message = message
    error.args = (message,)


class _Keeping:
    """Keeps the first records of a relation and counts all."""

    def __init__(self, sink: Keep, tally: Tally) -> None:
        self._schema = sink.relation.schema
        self._limit = sink.limit
        self._tally = tally
        self._batches: list[pl.DataFrame] = []
        self._kept = self._records = 0

    def take(self, batch: pl.DataFrame) -> None:
        self._tally.check()
        self._records += batch.height
        wanted = batch if self._limit is None else batch.head(self._limit - self._kept)
        if wanted.height:
            self._batches.append(wanted)
            self._kept += wanted.height

    def finish(self) -> Table:
        empty = pl.DataFrame(schema=native_schema(self._schema))
        return Table(self._schema, pl.concat([empty, *self._batches]), self._records)

    def abort(self) -> None:
        self._batches.clear()


class _Writing:
    """Hands the records of a relation to a writer; none after the run was given up."""

    def __init__(self, sink: Write, tally: Tally) -> None:
        self._writer = sink.writer
        self._tally = tally
        self._records = 0
        self._over = False
        self._lock = Lock()

    def take(self, batch: pl.DataFrame) -> None:
        self._tally.check()
        with self._lock:
            if not self._over:
                self._writer.write(batch)
                self._records += batch.height

    def finish(self) -> int:
        self._writer.close()
        self._over = True
        return self._records

    def abort(self) -> None:
        with self._lock:
            if not self._over:
                self._over = True
                self._writer.abort()
