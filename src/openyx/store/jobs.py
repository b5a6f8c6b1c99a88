"""Jobs: each run of a workflow is a row, and the waiting rows are the queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from openyx.errors import NotFound
from openyx.store.counting import Counting
from openyx.store.database import Database
from openyx.store.filters import Filter, nulls_last
from openyx.store.moments import to_milliseconds
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write
from openyx.store.sight import Sight

SQL = queries("jobs")
_FRONT = 100


class State(StrEnum):
    """Where a job stands; :mod:`openyx.queue.life` says who may move it."""

    CREATED = "created"
    QUEUED = "queued"
    CLAIMED = "claimed"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    GIVEN_UP = "given_up"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (State.FINISHED, State.CANCELLED, State.GIVEN_UP)


class Disposition(StrEnum):
    """How a job ended, in the API's words; NONE until it is over."""

    NONE = "None"
    SUCCESS = "Success"
    WARNING = "Warning"
    ERROR = "Error"


class Priority(IntEnum):
    """Who goes first; the numbers are those of the API's requests. A job asked for with DEFAULT is kept as LOW."""

    DEFAULT = -1
    LOW = 0
    MEDIUM = 1
    HIGH = 2
    CRITICAL = 3


class Origin(StrEnum):
    """Through which door a job came; V1 lists only what came through the Subscription API."""

    SUBSCRIPTION = "subscription"
    USER = "user"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run of a workflow.

    ``attempt`` counts how often it was claimed, ``lost`` how often its worker vanished. ``worker`` holds it until
    ``lease_until``. ``records`` counts what its tools have passed on so far, None while nobody has counted.
    """

    id: str
    workflow_id: str
    version_id: str
    user_id: str
    origin: Origin
    answers: Mapping[str, str]
    priority: Priority
    worker_tag: str = ""
    state: State
    disposition: Disposition = Disposition.NONE
    created_at: datetime
    queued_at: datetime
    claimed_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    attempt: int = 0
    lost: int = 0
    worker: str | None = None
    lease_until: datetime | None = None
    records: int | None = None
    cancel_requested_at: datetime | None = None
    cancel_requested_by: str | None = None
    idempotency_key: str | None = None
    fingerprint: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing has happened to it yet: nobody has taken it, and there is nothing to be told of it."""
        return self.state is State.QUEUED and self.attempt == 0

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state.over


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many jobs wait, since when the one that waits longest, and how many are held by workers."""

    waiting: int
    oldest: datetime | None
    running: int


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
        rows = self._database.all(SQL["positions"], {"first": min(waiting), "last": max(waiting)})
        return {row["id"]: row["place"] for row in rows if row["id"] in waiting}

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
