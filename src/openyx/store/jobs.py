"""Jobs: the table of all runs; the waiting rows are the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openyx.errors import NotFound
from openyx.store.counting import Counting
from openyx.store.database import Database
from openyx.store.filters import Filter, nulls_last
from openyx.store.job import Disposition, Job, Origin, Priority, State
from openyx.store.moments import to_milliseconds
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write
from openyx.store.sight import Sight

SQL = queries("jobs")


class JobSort(StrEnum):
    """What a list of jobs can be sorted by, in the API's words (folded to lower case)."""

    CREATE_DATE = "createdate"
    APP_NAME = "appname"
    COMPLETION = "completiondatetime"
    PRIORITY = "priority"
    STATUS = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQuery:
    """What a list of jobs is asked for; None (or nothing) asks for nothing. The completion range excludes its end."""

    workflow_id: str | None = None
    origin: Origin | None = None
    states: tuple[State, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    priorities: tuple[Priority, ...] = ()
    user_ids: tuple[str, ...] = ()
    workflow_names: tuple[str, ...] = ()
    completed_after: datetime | None = None
    completed_before: datetime | None = None
    sort: JobSort | None = None
    descending: bool = False
    offset: int = 0
    limit: int | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether a job that it finds once is found for ever."""
        changing = (self.states, self.dispositions, self.priorities, self.workflow_names)
        return not any(changing) and self.completed_after is None and self.completed_before is None


class Jobs:
    """The table of jobs; their life is the queue's matter."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counting = Counting(database)

    def find(self, id: str, *, sight: Sight | None = None, moving: bool = False) -> Job:  # noqa: A002 - the word of the API
        """The job; NotFound, also when it is out of sight.

        One that is *moving* nobody else moves in this transaction.
        """
        query = Filter()
        query.add("j.id = :id", id=id)
        if found := self._select(query, sight, moving=moving):
            return found[0]
        raise NotFound(f"Job {id} was not found.")

    def count(self, asked: JobQuery, *, sight: Sight | None = None) -> int:
        """How many jobs there are of those that were asked for, page aside."""
        query = _filter(asked)
        if sight:
            sight.of_jobs(query)
        if asked.is_lasting and self._database.grows_at_its_end:
            return self._counting.count(query)
        row = self._database.one(SQL["count"].format(where=query.where), query.params)
        return int(row["number"]) if row else 0

    def insert(self, job: Job) -> None:
        """Keep a new job."""
        self._database.run(SQL["insert"].format(values=values(Job)), write(job))

    def save(self, job: Job, *, was: Job) -> bool:
        """Write a job that has moved; False, and nothing is written, when it has moved otherwise meanwhile."""
        guard = {"was_state": was.state, "was_attempt": was.attempt}
        return self._database.run(SQL["save"], write(job) | guard) == 1

    def by_idempotency_key(self, user_id: str, key: str) -> Job | None:
        """The job that a user started with that idempotency key."""
        params = {"user_id": user_id, "key": key}
        row = self._database.one(SQL["by_idempotency_key"].format(columns=columns(Job)), params)
        return read(Job, row) if row else None

    def forget_idempotency_key(self, job: Job) -> None:
        """Let the user give that key to another job."""
        self._database.run(SQL["forget_idempotency_key"], {"id": job.id})

    def _select(
        self, query: Filter, sight: Sight | None, *, order: str = "j.sequence", page: str = "", moving: bool = False
    ) -> list[Job]:
        if sight:
            sight.of_jobs(query)
        lock = f"{self._database.for_update} OF j" if moving and self._database.for_update else ""
        sql = SQL["select"].format(columns=columns(Job, "j"), where=query.where, order=order, page=page, lock=lock)
        return [read(Job, row, "j") for row in self._database.all(sql, query.params)]

    def list(self, asked: JobQuery, *, sight: Sight | None = None) -> list[Job]:
        """The jobs that were asked for; oldest first unless sorted."""
        query = _filter(asked)
        direction = "DESC" if asked.descending else "ASC"
        order = (
            f"{_SORTED_BY[asked.sort]} {nulls_last(direction)}, j.sequence" if asked.sort else f"j.sequence {direction}"
        )
        return self._select(query, sight, order=order, page=query.page(asked.offset, asked.limit))


_SORTED_BY = {
    JobSort.CREATE_DATE: "j.created_at",
    JobSort.APP_NAME: "w.name_folded",
    JobSort.COMPLETION: "j.finished_at",
    JobSort.PRIORITY: "j.priority",
    JobSort.STATUS: "j.state",
}


def _filter(asked: JobQuery) -> Filter:
    query = Filter()
    query.add("j.workflow_id = :workflow_id", workflow_id=asked.workflow_id)
    query.add("j.origin = :origin", origin=asked.origin)
    query.any_of("j.state", "state", asked.states)
    query.any_of("j.disposition", "disposition", asked.dispositions)
    query.any_of("j.priority", "priority", asked.priorities)
    query.any_of("j.user_id", "user", asked.user_ids)
    query.any_of("w.name", "workflow_name", asked.workflow_names)
    query.add("j.finished_at >= :after", after=asked.completed_after and to_milliseconds(asked.completed_after))
    query.add("j.finished_at < :before", before=asked.completed_before and to_milliseconds(asked.completed_before))
    return query
