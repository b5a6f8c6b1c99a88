"""Outputs: the files that a finished job left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from openyx.errors import NotFound
from openyx.store.database import Database
from openyx.store.moments import new_id
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write

SQL = queries("outputs")


class OutputKind(StrEnum):
    """Where an output comes from: a file that the workflow wrote, or a table that it showed."""

    FILE = "file"
    BROWSE = "browse"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutput:
    """What a run reports of an output.

    ``formats`` are the API's words (``Raw``, ``Csv`` …), ``digest`` and ``size`` those of the bytes in the blob folder;
    ``records`` is None where nobody counted.
    """

    name: str
    formats: tuple[str, ...]
    digest: str
    size: int
    records: int | None = None
    kind: OutputKind = OutputKind.FILE
    tool: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(NewOutput):
    """An output of a job; ``number`` counts from 1."""

    id: str
    job_id: str
    number: int


class Outputs:
    """The table of outputs; a job has them once it has ended well."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, job_id: str) -> list[Output]:
        """The outputs of a job in order."""
        sql = SQL["of"].format(columns=columns(Output))
        return [read(Output, row) for row in self._database.all(sql, {"job_id": job_id})]

    def find(self, job_id: str, id: str) -> Output:  # noqa: A002 - the word of the API
        """One output of a job; NotFound."""
        row = self._database.one(SQL["find"].format(columns=columns(Output)), {"job_id": job_id, "id": id})
        if row is None:
            raise NotFound(f"Output {id} of job {job_id} was not found.")
        return read(Output, row)

    def add(self, job_id: str, outputs: Iterable[NewOutput], *, at: datetime) -> None:
        """Keep the outputs of a job, in this order."""
        sql = SQL["insert"].format(values=values(Output))
        with self._database.transaction():
            for number, new in enumerate(outputs, 1):
                members = {field.name: getattr(new, field.name) for field in fields(NewOutput)}
                output = Output(**members, id=new_id(at), job_id=job_id, number=number)
                self._database.run(sql, write(output))
