"""How relations are run: all sinks of a workflow in one streaming plan, counted and watched while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count as numbers
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, Self

import polars as pl

from openyx.errors import Missing, OpenYXError, WorkflowError
from openyx.relation.blame import Blame
from openyx.relation.drains import Holding, Keeping, Writing
from openyx.relation.flow import HEIGHT, Flow
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
Drain = Keeping | Writing | Holding


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


class Session:
    """A run in one or several parts; what one part held is not computed again by the next.

    *count* counts records at each ``tap``, where more than *most* are an error; *listed* is how many conversion errors
    per field come with their text (all are counted, and each record once however many parts see it). *cancelled* is
    asked between batches, from several threads; when it says yes, ``JobCancelled`` is raised. *progress* is told an
    anchor and its records so far, between batches and from several threads. What is held lies in a temporary folder
    until the session is closed. An error that an expression raises has the tool for which the session's ``blame`` was
    making it.
    """

    def __init__(
        self,
        *,
        count: bool = True,
        most: int | None = None,
        listed: int = ERRORS_LISTED,
        cancelled: Callable[[], bool] | None = None,
        progress: Callable[[Anchor, int], None] | None = None,
    ) -> None:
        self._count = count
        self._tally = Tally(listed=listed, most=most, cancelled=cancelled, progress=progress)
        self._held: dict[int, tuple[Relation, Flow]] = {}
        self._looked: set[int] = set()
        self._kept_alive: list[Relation] = []
        self._numbers = numbers()
        self._closing = ExitStack()
        self.blame = Blame()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def hold(self, ends: Sequence[tuple[Relation, int]]) -> None:
        """Compute relations (each with the tool that takes it) now; later parts of the run go on from there."""
        wanted = {id(relation): (relation, tool) for relation, tool in ends if id(relation) not in self._held}
        schemas = [native_schema(relation.schema) or {HEIGHT: pl.Boolean()} for relation, _ in wanted.values()]
        drains = [self._holding(schema) for schema in schemas]
        self._run(list(wanted.values()), drains, self._tally)
        for (relation, _), drain in zip(wanted.values(), drains, strict=True):
            self._held[id(relation)] = relation, drain.finish()

    def look(self, relation: Relation) -> Table:
        """The records of *relation*, computed now; nothing is counted."""
        tally = Tally(listed=0, cancelled=self._tally.cancelled)
        drain = Keeping(Keep(relation), tally)
        self._run([(relation, -1)], [drain], tally)
        return drain.finish()

    def run(self, sinks: Sequence[Sink]) -> tuple[Table | int, ...]:
        """Run all *sinks* as one plan (a very large one in stages); results stand as the sinks were given."""
        tally = self._tally
        drains = [Keeping(sink, tally) if isinstance(sink, Keep) else Writing(sink, tally) for sink in sinks]
        self._run([(sink.relation, sink.tool) for sink in sinks], drains, tally)
        try:
            return tuple(drain.finish() for drain in drains)
        except BaseException:
            _abort(drains)
            raise

    def outcome(self, results: Sequence[Table | int] = ()) -> Outcome:
        """*results*, with all that was counted so far."""
        return Outcome(tuple(results), dict(self._tally.counts), self._tally.faulted())

    def _run(self, ends: Sequence[tuple[Relation, int]], drains: Sequence[Drain], tally: Tally) -> None:
        looked = self._looked if tally is self._tally else None
        try:
            tally.check()
            lowering = Lowering(
                ends,
                tally,
                count=self._count and looked is not None,
                held=self._held,
                looked=looked,
                counted=[place for place, drain in enumerate(drains) if drain.only_counts],
            )
            for stage in range(lowering.stages):
                plans = [
                    frame.sink_batches(drains[place].take, lazy=True) for place, frame in lowering.frames(stage).items()
                ]
                carried = {relation: lowering.carry(relation) for relation in lowering.carried(stage)}
                holdings = {
                    relation: lowering.folder(relation) or self._holding(frame.collect_schema())
                    for relation, frame in carried.items()
                }
                plans += [carried[each].sink_batches(drain.take, lazy=True) for each, drain in holdings.items()]
                pl.collect_all(plans, engine="streaming")
                for relation, drain in holdings.items():
                    lowering.go_on(relation, drain.finish())
        except BaseException as error:
            _abort(drains)
            if isinstance(error, (pl.exceptions.PolarsError, pl.exceptions.PanicException, MemoryError)):
                raise WorkflowError(f"The data engine stopped: {error}") from error
            if isinstance(error, OpenYXError):
                _clear(error)
            if isinstance(error, WorkflowError) and error.tool is None:
                error.tool = self.blame.of(error)
            raise
        self._kept_alive.extend(relation for relation, _ in ends)

    def _holding(self, schema: Mapping[str, pl.DataType]) -> Holding:
        return Holding(schema, self._folder / str(next(self._numbers)), self._tally)

    @cached_property
    def _folder(self) -> Path:
        return Path(self._closing.enter_context(TemporaryDirectory(prefix="openyx-", ignore_cleanup_errors=True)))


def run(
    sinks: Sequence[Sink],
    *,
    count: bool = True,
    listed: int = ERRORS_LISTED,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[Anchor, int], None] | None = None,
) -> Outcome:
    """Run all *sinks* as one plan and give their results; the rest is as in ``Session``.

    Every record is read once however many sinks it reaches. Order is kept, and the same input gives the same bits.

    What a writer, a reader or a function of ``map_batches`` raises comes out as it is, and ``WorkflowError`` for what
    the data engine itself refuses (a sum of more than 38 digits, a disk that is full); the writers are aborted then.
    """
    with Session(count=count, listed=listed, cancelled=cancelled, progress=progress) as session:
        return session.outcome(session.run(sinks))


def _abort(drains: Sequence[Drain]) -> None:
    for drain in drains:
        drain.abort()


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
