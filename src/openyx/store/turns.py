"""Turns: which waiting job is next and where the others stand, and which jobs are held by workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from openyx.store.database import Database
from openyx.store.job import Job, State
from openyx.store.queries import queries
from openyx.store.rows import columns, read

SQL = queries("turns")
_FRONT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many jobs wait, since when the one that waits longest, and how many are held by workers."""

    waiting: int
    oldest: datetime | None
    running: int


class Turns:
    """The waiting and the running jobs in their order; their life is the queue's matter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, *, moving: bool = False) -> Job | None:
        """The waiting job whose turn it is: highest priority, then longest wait.

        Jobs of a workflow of which as many run as may have no turn. When it is *moving*, nobody else moves it in this
        transaction, and none is given that somebody else moves.
        """
        full = {row["id"] for row in self._database.all(SQL["full"], {})}
        if not full:
            return self._first("first", {}, moving=moving)
        found = (self._first("first_of", {"workflow_id": each}, moving=moving) for each in self._turns(full))
        return next(filter(None, found), None)

    def _turns(self, full: set[str]) -> Iterator[str]:
        """The workflows with waiting jobs that are not full, in the order of their turns."""
        front = [row["workflow_id"] for row in self._database.all(SQL["front"], {"number": _FRONT})]
        near = dict.fromkeys(each for each in front if each not in full)
        yield from near
        if len(front) == _FRONT:
            far = (row["workflow_id"] for row in self._database.all(SQL["turns"], {}))
            yield from (each for each in far if each not in full and each not in near)

    def _first(self, query: str, params: Mapping[str, str], *, moving: bool) -> Job | None:
        lock = self._database.skip_locked if moving else ""
        row = self._database.one(SQL[query].format(columns=columns(Job), lock=lock), params)
        return read(Job, row) if row else None

    def leased(self, *, moving: bool = False) -> list[Job]:
        """Jobs that some worker holds; of those that are *moving*, none that somebody else moves."""
        lock = self._database.skip_locked if moving else ""
        return [read(Job, row) for row in self._database.all(SQL["leased"].format(columns=columns(Job), lock=lock), {})]

    def held_by(self, worker: str) -> list[Job]:
        """Jobs that a worker holds."""
        sql = SQL["held_by"].format(columns=columns(Job))
        return [read(Job, row) for row in self._database.all(sql, {"worker": worker})]

    def running(self, workflow_id: str) -> int:
        """How many jobs of a workflow are held by workers."""
        row = self._database.one(SQL["running"], {"workflow_id": workflow_id})
        return int(row["number"]) if row else 0

    def load(self) -> Load:
        """How much there is to do."""
        (row,) = self._database.all(SQL["load"], {})
        return read(Load, row)

    def positions(self, jobs: Iterable[Job]) -> dict[str, int]:
        """Where those of the jobs that wait stand in the queue, by id: 1 is the next."""
        waiting = {job.id for job in jobs if job.state is State.QUEUED}
        if not waiting:
            return {}
        rows = self._database.all(SQL["places"], {"first": min(waiting), "last": max(waiting)})
        found: dict[str, int] = {}
        for priority, group in groupby((row for row in rows if row["id"] in waiting), key=lambda row: row["priority"]):
            asked = {row["sequence"]: row["id"] for row in group}
            span = {"priority": priority, "first": min(asked), "last": max(asked)}
            (before,) = self._database.all(SQL["before"], span)
            between = self._database.all(SQL["between"], span)
            places = {row["sequence"]: place for place, row in enumerate(between, before["number"] + 1)}
            # Who was taken meanwhile has no place any more.
            found.update({id_: places[sequence] for sequence, id_ in asked.items() if sequence in places})
        return found
