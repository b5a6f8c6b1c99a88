"""SQLite: write-ahead log, synced at every durable commit, connections shared among threads."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from openyx.errors import StoreUnreachable, UnreadableData
from openyx.store.at_once import AtOnce
from openyx.store.connection import Connection
from openyx.store.connections import Connections, stand_alone
from openyx.store.database import Begun, Contended, HalfDone, Outcome, Params, Row
from openyx.store.room import PRIMARY, room

T = TypeVar("T")

_BUSY_SECONDS = 60.0
_NAME = itemgetter(0)
# KiB of pages that a connection keeps. All are forgotten whenever another one commits, so more would only fill memory;
# the system has the file at hand anyway.
_CACHE = 256
_CONTENDED = (
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
)


class Sqlite(Connections[Connection]):
    """A database file.

    Reads run side by side; one thread of the process writes at a time, so that only other processes are waited for
    by polling.
    """

    name = "SQLite"
    # As many as a server's threads use at once: opening one costs more than keeping it.
    most_idle = 32
    one_at_a_time = True
    grows_at_its_end = True
    # Whoever is in a transaction is the only one who writes: there is nothing to lock.
    for_update = ""
    skip_locked = ""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        _make_private(path)
        self._write_lock = threading.Lock()
        self._at_once = AtOnce(self, self._write_lock)
        self._watch_lock = threading.Lock()
        self._watcher = self.connect()

    def all(self, sql: str, params: Params) -> list[Row]:
        """All records of an answer."""
        with room(), self.lent() as connection:
            return connection.execute(sql, params).fetchall()

    def one(self, sql: str, params: Params) -> Row | None:
        """The first record of an answer."""
        with room(), self.lent() as connection:
            row: Row | None = connection.execute(sql, params).fetchone()
            return row

    def run(self, sql: str, params: Params) -> int:
        """Change something; the number of records that changed."""
        if self.current is None:
            with self.transaction():
                return self.run(sql, params)
        try:
            with room():
                return self.current.execute(sql, params).rowcount
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in _CONTENDED:
                raise Contended(str(error)) from error
            raise

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Generator[None]:
        """All or nothing; within another transaction a part of that one."""
        if self.current is not None:
            yield
            return
        self._wait_until_alone()
        try:
            with room(), self.lent() as connection:
                connection.sync(durable=durable)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    with self.in_transaction(connection):
                        yield
                    connection.check_going_on()
                    connection.execute("COMMIT")
                except BaseException:
                    # What failed is what matters, even where the database has rolled back by itself.
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                    raise
        finally:
            self._write_lock.release()

    def _wait_until_alone(self) -> None:
        """Become the only thread that writes; StoreUnreachable when others hold the file for too long."""
        if not self._write_lock.acquire(timeout=_BUSY_SECONDS):
            raise StoreUnreachable(f"{self._path} is held by another process, which does not let it go")

    def together(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        """Do several things in one durable transaction; each in one of its own where one of them has to be undone.

        Those that write nothing wait for nobody.
        """
        with self.snapshot():
            outcomes = [Outcome.of(work) for work in works]
        places = [place for place, outcome in enumerate(outcomes) if _would_write(outcome)]
        for place, outcome in zip(places, self._written([works[place] for place in places]), strict=True):
            outcomes[place] = outcome
        return outcomes

    def _written(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        if len(works) > 1:
            shared = Outcome.of(partial(self._all_done, works))
            if not isinstance(shared.error, HalfDone):
                return [Outcome(error=shared.error, at=shared.at) for _ in works] if shared.error else shared.get()
        return [Outcome.of(partial(self._done, work)) for work in works]

    def _done(self, work: Callable[[], T]) -> T:
        with self.transaction():
            return work()

    def _all_done(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        with self.transaction(), self.lent() as connection:
            return connection.all_done(works)

    def begin_at_once(self) -> Begun | None:
        """A durable transaction, where nobody else writes."""
        stand_alone(self.current)
        return self._at_once if self._at_once.begin() else None

    @contextmanager
    def snapshot(self) -> Generator[None]:
        """All that this thread reads is of one moment."""
        stand_alone(self.current)
        with room(), self.lent() as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            try:
                # The moment is that of the first read.
                connection.execute("SELECT 1 FROM sqlite_master").fetchone()
                with self.in_transaction(connection):
                    yield
            finally:
                if connection.in_transaction:  # a read that fails can end it
                    connection.execute("ROLLBACK")
                connection.execute("PRAGMA query_only = OFF")

    def damage(self) -> list[str]:
        """What SQLite's own checks of pages, indexes and references say."""
        try:
            pages = [str(row["integrity_check"]) for row in self.all("PRAGMA integrity_check", {})]
            torn = self.all("PRAGMA foreign_key_check", {})
        except UnreadableData as error:
            return [error.message]
        refer = [f"record {row['rowid']} of {row['table']} refers to a missing one of {row['parent']}" for row in torn]
        return [text for text in pages if text != "ok"] + refer

    def changes(self) -> int:
        """A number that differs from the last one when anybody has committed since."""
        with self._watch_lock:
            row = self._watcher.execute("PRAGMA data_version").fetchone()
            return int(row["data_version"])

    def alone(self) -> None:
        """Nobody else is in a transaction."""

    def script(self, sql: str) -> None:
        """Run several statements as a part of the transaction at hand."""
        with self.lent() as connection:
            for statement in _statements(sql):
                connection.execute(statement)

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self._at_once.close()
        self._watcher.close()

    def connect(self) -> Connection:
        """A new connection; UnreadableData."""
        try:
            connection = sqlite3.connect(
                self._path,
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
                factory=Connection,
            )
            connection.row_factory = _row
            for pragma in ("journal_mode = WAL", "foreign_keys = ON", "fullfsync = ON", f"cache_size = -{_CACHE}"):
                connection.execute(f"PRAGMA {pragma}")
            connection.sync(durable=True)
        except sqlite3.Error as error:
            raise UnreadableData(f"{self._path} cannot be opened as a gallery's database: {error}") from error
        return connection

    def is_reusable(self, connection: Connection) -> bool:
        """Whether no transaction is open on it."""
        return not connection.in_transaction

    def disconnect(self, connection: Connection) -> None:
        """Close it."""
        connection.close()


def _would_write(outcome: Outcome[Any]) -> bool:
    """Whether that came of writing where nothing can be written."""
    return getattr(outcome.error, "sqlite_errorcode", 0) & PRIMARY == sqlite3.SQLITE_READONLY


def _make_private(path: Path) -> None:
    """Make the file, for its owner alone; what SQLite puts beside it gets the same mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UnreadableData(f"{path} cannot be opened as a gallery's database: {error.strerror}") from error


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(map(_NAME, cursor.description), values, strict=True))


def _statements(sql: str) -> Iterator[str]:
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
