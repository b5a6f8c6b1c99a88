"""Attempts: every time a worker took a job, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openyx.store.database import Database
from openyx.store.moments import to_milliseconds
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write

SQL = queries("attempts")


class Ending(StrEnum):
    """How an attempt ended."""

    FINISHED = "finished"
    CANCELLED = "cancelled"
    HANDED_BACK = "handed_back"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a job; ``number`` counts from 1."""

    job_id: str
    number: int
    worker: str
    claimed_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None


class Attempts:
    """The table of attempts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, job_id: str) -> list[Attempt]:
        """The attempts at a job in order."""
        sql = SQL["of"].format(columns=columns(Attempt))
        return [read(Attempt, row) for row in self._database.all(sql, {"job_id": job_id})]

    def insert(self, attempt: Attempt) -> None:
        """An attempt begins."""
        self._database.run(SQL["insert"].format(values=values(Attempt)), write(attempt))

    def start(self, job_id: str, number: int, at: datetime) -> None:
        """Its run begins."""
        self._database.run(SQL["start"], {"job_id": job_id, "number": number, "at": to_milliseconds(at)})

    def end(self, job_id: str, number: int, ending: Ending, at: datetime) -> None:
        """It is over."""
        params = {"job_id": job_id, "number": number, "ending": ending, "at": to_milliseconds(at)}
        self._database.run(SQL["end"], params)
