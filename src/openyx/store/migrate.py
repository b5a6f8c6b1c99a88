"""Brings a database to this version's tables: numbered scripts, each applied once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

from openyx.errors import UnreadableData
from openyx.store.database import Database
from openyx.store.moments import Clock, to_milliseconds
from openyx.store.queries import queries

SQL = queries("migrations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step; ``number`` counts from 1."""

    number: int
    name: str
    script: str


class Migratable(Database, Protocol):
    """A database that takes scripts."""

    def alone(self) -> None:
        """Wait until nobody else is here, for the rest of the transaction at hand."""
        ...

    def script(self, sql: str) -> None:
        """Run several statements as a part of the transaction at hand."""
        ...


def migrations() -> tuple[Migration, ...]:
    """This version's steps in order."""
    found = sorted((file.name, file) for file in files("openyx.store").joinpath("migrations").iterdir())
    steps = tuple(
        Migration(number=int(name[:4]), name=name.removesuffix(".sql"), script=file.read_text(encoding="utf-8"))
        for name, file in found
        if name.endswith(".sql")
    )
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"migrations are not numbered from 1 without gaps: {[step.name for step in steps]}")
    return steps


def migrate(database: Migratable, clock: Clock, steps: Iterable[Migration]) -> None:
    """Apply the steps that are missing, all or none; UnreadableData when the data has had more than these."""
    steps = tuple(steps)
    with database.transaction():
        database.alone()
        database.script(SQL["begin"])
        row = database.one(SQL["last"], {})
        last = (row["number"] if row else None) or 0
        if last > len(steps):
            raise UnreadableData(
                f"the data was written by a newer version of OpenYX (format {last}, this version knows {len(steps)})",
                hint="install the version that wrote it, or a newer one",
            )
        for step in steps[last:]:
            database.script(step.script)
            applied = {"number": step.number, "name": step.name, "applied_at": to_milliseconds(clock())}
            database.run(SQL["applied"], applied)
