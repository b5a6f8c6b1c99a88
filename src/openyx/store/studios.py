"""Studios (subscriptions): where workflows live, and what a studio key opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openyx.errors import NotFound
from openyx.store.database import Database
from openyx.store.moments import Clock, new_id
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write

SQL = queries("studios")


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """A studio."""

    id: str
    name: str
    active: bool = True
    api_enabled: bool = True
    can_share_schedules: bool = True
    created_at: datetime


class Studios:
    """The table of studios."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, name: str) -> Studio:
        """A new studio."""
        now = self._clock()
        studio = Studio(id=new_id(now), name=name, created_at=now)
        self._database.run(SQL["insert"].format(values=values(Studio)), write(studio))
        return studio

    def find(self, id: str) -> Studio:  # noqa: A002 - the word of the API
        """The studio; NotFound."""
        row = self._database.one(SQL["find"].format(columns=columns(Studio)), {"id": id})
        if row is None:
            raise NotFound(f"Studio {id} was not found.")
        return read(Studio, row)

    def list(self) -> list[Studio]:
        """All studios, oldest first."""
        return [read(Studio, row) for row in self._database.all(SQL["list"].format(columns=columns(Studio)), {})]
