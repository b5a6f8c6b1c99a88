"""Transactions of SQLite that wait for nobody: begun where nobody else writes, with the commit left to a thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Hashable, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from openyx.store.connections import Connections
from openyx.store.database import Contended, Outcome, UndoneError
from openyx.store.room import room

if TYPE_CHECKING:
    from openyx.store.sqlite import Connection

T = TypeVar("T")

_MOST_ANSWERS = 1024


class AtOnce:
    """Begins such transactions, one after another, all on one connection.

    That one knows whether anybody else has committed since the last: if not, what was asked *once* is still true.
    """

    def __init__(self, connections: Connections[Connection], alone: Lock) -> None:
        self._connections = connections
        self._alone = alone
        self._connection: Connection | None = None
        self._version: int | None = None
        self._answers: dict[Hashable, Any] = {}

    def begin(self) -> BegunAtOnce | None:
        """A transaction; None where somebody else writes, or where it cannot be begun at all."""
        if not self._alone.acquire(blocking=False):
            return None
        try:
            connection = self._connection = self._connection or self._opened()
            connection.execute("BEGIN IMMEDIATE")
            version = connection.execute("PRAGMA data_version").fetchone()["data_version"]
        except Exception:  # noqa: BLE001 - whoever waits for others instead is told what is wrong
            if self._connection and self._connection.in_transaction:
                self.close()
            self._alone.release()
            return None
        if version != self._version or len(self._answers) > _MOST_ANSWERS:
            self._version, self._answers = version, {}
        return BegunAtOnce(self._connections, connection, self._alone, self._answers)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connections.disconnect(self._connection)
        self._connection = self._version = None

    def _opened(self) -> Connection:
        connection = self._connections.connect()
        connection.execute("PRAGMA busy_timeout = 0")
        return connection


class BegunAtOnce:
    """A transaction on its way; it ends with :meth:`commit`, or when its block raises."""

    def __init__(
        self, connections: Connections[Connection], connection: Connection, alone: Lock, answers: dict[Hashable, Any]
    ) -> None:
        self._connections = connections
        self._connection = connection
        self._alone = alone
        self._answers = answers

    @contextmanager
    def block(self) -> Generator[None]:
        """What this thread does in the block is a part of it."""
        try:
            with self._connections.in_transaction(self._connection, self._answers):
                yield
        except BaseException:
            self._undo()
            raise

    def all_done(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        """What comes of each of the works, within the block; UndoneError when one can only be undone with all."""
        return all_done(self._connection, works)

    def commit(self) -> None:
        """Have it on disk, in whatever thread."""
        try:
            with room():
                check_going_on(self._connection)
                self._connection.execute("COMMIT")
        except BaseException:
            self._undo()
            raise
        self._alone.release()

    def _undo(self) -> None:
        self._answers.clear()  # they may have been of what is undone
        # What failed is what matters, even where the database has rolled back by itself.
        with suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")
        self._alone.release()


def all_done(connection: Connection, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
    """What comes of each of the works in this transaction; UndoneError when one failed that had written something."""
    outcomes: list[Outcome[T]] = []
    for work in works:
        before = connection.total_changes
        outcomes.append(outcome := Outcome.of(work))
        if outcome.error and (connection.total_changes != before or not connection.in_transaction):
            raise UndoneError
    return outcomes


def check_going_on(connection: Connection) -> None:
    """Contended when SQLite has ended the transaction by itself, as it does where there is no room for it."""
    if not connection.in_transaction:
        raise Contended("the transaction was undone with another one")
