"""References: which blobs the records of a gallery speak of."""

from __future__ import annotations

from datetime import datetime

from openyx.store.database import Database
from openyx.store.moments import from_milliseconds
from openyx.store.queries import queries

SQL = queries("references")

SHELVES = tuple(f"{number:02x}" for number in range(256))
"""The first two digits of all digests that there can be."""


class References:
    """What versions and outputs say of blobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def on(self, shelf: str) -> dict[str, int]:
        """The blobs of a shelf that records speak of, with the size that they say."""
        rows = self._database.all(SQL["on"], {"low": shelf, "high": f"{shelf}g"})
        return {row["digest"]: int(row["size"]) for row in rows}

    def holds(self, digest: str) -> bool:
        """Whether any record speaks of it."""
        return self._database.one(SQL["holds"], {"digest": digest}) is not None

    def holders(self, digest: str) -> list[str]:
        """Who speaks of it, in words."""
        versions = self._database.all(SQL["versions"], {"digest": digest})
        outputs = self._database.all(SQL["outputs"], {"digest": digest})
        said = [f"version {row['id']} of workflow {row['workflow_id']}" for row in versions]
        return said + [f"output {row['id']} of job {row['job_id']}" for row in outputs]

    def held_since(self) -> datetime | None:
        """When the oldest of the attempts that go on began: its outputs may be blobs before a record speaks of them."""
        row = self._database.one(SQL["held_since"], {})
        return from_milliseconds(row["at"]) if row and row["at"] is not None else None
