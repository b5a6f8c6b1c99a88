"""Nonces of signed requests, so that none is played back."""

from __future__ import annotations

from datetime import timedelta

from openyx.store.database import Database
from openyx.store.moments import Clock, to_milliseconds
from openyx.store.queries import queries

SQL = queries("nonces")
MEMORY = timedelta(minutes=15)


class Nonces:
    """The table of nonces."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def use(self, key: str, timestamp: str, nonce: str) -> bool:
        """Whether this key, timestamp and nonce come together for the first time in 15 minutes; now they have come."""
        now = to_milliseconds(self._clock())
        with self._database.transaction(durable=False):
            self.forget()
            seen = {"key": key, "timestamp": timestamp, "nonce": nonce, "used_at": now}
            return self._database.run(SQL["use"], seen) == 1

    def forget(self) -> None:
        """Forget those that may come again."""
        before = to_milliseconds(self._clock() - MEMORY)
        with self._database.transaction(durable=False):
            self._database.run(SQL["forget"], {"before": before})
