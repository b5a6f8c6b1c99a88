"""How many jobs a list has: those that were counted once are not counted again, only what came since."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from openyx.store.database import Database
from openyx.store.filters import Filter
from openyx.store.queries import queries

SQL = queries("jobs")

_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class _Count:
    """So many jobs up to a place in the table, when so many had been removed."""

    number: int = 0
    upto: int = 0
    removed: int = -1


class Counting:
    """Counts jobs that a filter finds; safe from any thread.

    Only for what does not change of a job, and in a table that grows at its end alone (which on PostgreSQL it does not:
    of two jobs that come at the same time the later one may be there first).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[object, _Count] = OrderedDict()
        self._lock = Lock()

    def count(self, query: Filter) -> int:
        """How many jobs there are now."""
        key = (query.where, *sorted(query.params.items()))
        with self._lock:
            known = self._known.get(key, _Count())
        now = self._since(query, known)
        if now.removed != known.removed:
            now = self._since(query, _Count())
        with self._lock:
            self._known[key] = now
            self._known.move_to_end(key)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return now.number

    def _since(self, query: Filter, known: _Count) -> _Count:
        later = query.copy()
        later.add("j.sequence > :counted", counted=known.upto)
        row = self._database.one(SQL["count_since"].format(where=later.where), later.params)
        assert row is not None
        return _Count(known.number + int(row["number"]), int(row["upto"]), int(row["removed"]))
