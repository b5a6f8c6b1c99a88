"""Workers: who runs the jobs, on which host, and when it was last heard of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openyx.store.database import Database
from openyx.store.moments import to_milliseconds
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write

SQL = queries("workers")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRecord:
    """A worker: a process (``pid``) of a ``host`` that runs ``slots`` jobs at a time."""

    name: str
    host: str
    pid: int
    slots: int
    started_at: datetime
    heartbeat_at: datetime


class Workers:
    """The table of workers; one that ended well is not in it, one that was killed stays until others forget it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[WorkerRecord]:
        """The workers, oldest first."""
        sql = SQL["list"].format(columns=columns(WorkerRecord))
        return [read(WorkerRecord, row) for row in self._database.all(sql, {})]

    def beat(self, worker: WorkerRecord) -> None:
        """It lives; the first time it is put down."""
        with self._database.transaction(durable=False):
            self._database.run(SQL["beat"].format(values=values(WorkerRecord)), write(worker))

    def forget_silent(self, *, before: datetime) -> None:
        """Those that were not heard of since are gone."""
        with self._database.transaction(durable=False):
            self._database.run(SQL["forget_silent"], {"before": to_milliseconds(before)})

    def forget(self, name: str) -> None:
        """It is gone."""
        with self._database.transaction(durable=False):
            self._database.run(SQL["forget"], {"name": name})
