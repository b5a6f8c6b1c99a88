"""Messages: what a run said, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openyx.messages import Kind, Message
from openyx.store.database import Database
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write

SQL = queries("messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMessage:
    """A message of a job; ``tool`` is the tool's number, -1 for the run itself."""

    job_id: str
    attempt: int
    number: int
    kind: Kind
    text: str
    tool: int
    said_at: datetime


class Messages:
    """The table of messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, job_id: str, *, attempt: int | None = None) -> list[JobMessage]:
        """The messages of a job's last attempt in order, or those of the named one."""
        sql = SQL["of"].format(columns=columns(JobMessage))
        params = {"job_id": job_id, "attempt": attempt}
        return [read(JobMessage, row) for row in self._database.all(sql, params)]

    def last(self, job_id: str) -> int:
        """The number of a job's last message, in whichever attempt; 0 when it has none."""
        found = self._database.one(SQL["last"], {"job_id": job_id})
        return int(found["number"]) if found else 0

    def add(
        self, job_id: str, messages: Iterable[Message], *, attempt: int, at: datetime, after: int | None = None
    ) -> None:
        """Append messages.

        Who says *after* which number they come may say it again: those that are there already are left out.
        """
        with self._database.transaction(durable=False):
            last = self.last(job_id)
            first = last + 1 if after is None else after + 1
            for number, said in enumerate(messages, first):
                if number <= last:
                    continue
                message = JobMessage(
                    job_id=job_id,
                    attempt=attempt,
                    number=number,
                    kind=said.kind,
                    text=said.text,
                    tool=said.tool,
                    said_at=at,
                )
                self._database.run(SQL["insert"].format(values=values(JobMessage)), write(message))
