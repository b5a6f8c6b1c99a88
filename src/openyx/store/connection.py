"""A connection to a database file of SQLite, and what holds for a transaction on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeVar

from openyx.store.database import Contended, HalfDone, Outcome

T = TypeVar("T")


class Connection(sqlite3.Connection):
    """A connection that knows whether its commits wait for the disk."""

    _durable: bool | None = None

    def sync(self, *, durable: bool) -> None:
        """Let the commits from now on wait for the disk, or not."""
        if durable is not self._durable:
            self.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    def check_going_on(self) -> None:
        """Contended when SQLite has ended the transaction by itself, as it does where there is no room for it."""
        if not self.in_transaction:
            raise Contended("the transaction was undone with another one")

    def all_done(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        """What comes of each of the works in this transaction; HalfDone."""
        outcomes: list[Outcome[T]] = []
        for work in works:
            before = self.total_changes
            outcomes.append(outcome := Outcome.of(work))
            if outcome.error and (self.total_changes != before or not self.in_transaction):
                raise HalfDone
        return outcomes
