"""Transactions of SQLite that wait for nobody: begun where nobody else writes, with the commit left to a thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Hashable, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, TypeVar

from openyx.store.connection import Connection
from openyx.store.connections import Connections
from openyx.store.database import HalfDone, Outcome
from openyx.store.room import PRIMARY, room

T = TypeVar("T")

_MOST_ANSWERS = 1024


class AtOnce:
    """Such transactions, one after another, on a connection of their own.

    To that connection SQLite tells whether anybody else has committed since the last one. If not, what was asked
    *once* is still true.
    """

    def __init__(self, connections: Connections[Connection], alone: Lock) -> None:
        self._connections = connections
        self._alone = alone
        self._connection: Connection | None = None
        self._version: int | None = None
        self._answers: dict[Hashable, Any] = {}

    def begin(self) -> bool:
        """Begin one, unless somebody else writes, or something is wrong: who waits for others will be told what."""
        if not self._alone.acquire(blocking=False):
            return False
        try:
            self._connection = self._connection or self._opened()
            self._connection.execute("BEGIN IMMEDIATE")
            version = self._connection.execute("PRAGMA data_version").fetchone()["data_version"]
        except Exception as error:  # noqa: BLE001 - nobody is told it here
            if getattr(error, "sqlite_errorcode", 0) & PRIMARY != sqlite3.SQLITE_BUSY:
                self.close()
            self._alone.release()
            return False
        if version != self._version or len(self._answers) > _MOST_ANSWERS:
            self._version, self._answers = version, {}
        return True

    @contextmanager
    def block(self) -> Generator[None]:
        """What this thread does in the block is a part of it; undone when the block raises."""
        try:
            with self._connections.in_transaction(self._begun, self._answers):
                yield
        except BaseException:
            self._undo()
            raise

    def all_done(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        """What comes of each of the works, within the block; HalfDone."""
        if not self._begun.in_transaction:  # a read that fails can end it, too
            raise HalfDone
        return self._begun.all_done(works)

    def commit(self) -> None:
        """Have it on disk, in whatever thread; what cannot be is undone."""
        try:
            with room():
                self._begun.check_going_on()
                self._begun.execute("COMMIT")
        except BaseException:
            self._undo()
            raise
        self._alone.release()

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connections.disconnect(self._connection)
        self._connection, self._version, self._answers = None, None, {}

    @property
    def _begun(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("no transaction was begun")
        return self._connection

    def _opened(self) -> Connection:
        connection = self._connections.connect()
        # Nobody is waited for, and nothing goes to the disk before the commit.
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA cache_spill = OFF")
        return connection

    def _undo(self) -> None:
        try:
            self._answers.clear()  # they may be of what is undone
            # What failed is what matters, even where the database has rolled back by itself.
            with suppress(sqlite3.Error):
                self._begun.execute("ROLLBACK")
            if self._begun.in_transaction:
                self.close()
        finally:
            self._alone.release()
