"""PostgreSQL: for servers and workers on several hosts."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.rows import dict_row

from openyx.errors import DiskFull, StoreUnreachable
from openyx.store.connections import Connections, stand_alone
from openyx.store.database import Contended, Outcome, Params, Row
from openyx.store.dialect import asked, dialect
from openyx.store.news import News

T = TypeVar("T")
Connection = psycopg.Connection[dict[str, Any]]

_SESSION: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "fallback_application_name": "openyx",
}
# A host that stands still while it holds records must not hold up all others.
_TIMEOUTS = (
    "SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning"
)
_AGAIN = (
    errors.UniqueViolation,
    errors.ForeignKeyViolation,  # what it refers to was removed meanwhile, or is referred to since
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
)


class Postgresql(Connections[Connection]):
    """A database on a server, ``postgresql://user@host/name``.

    A password comes from where the server's own tools take it (``PGPASSWORD``, ``~/.pgpass``), or stands in the URL.
    All calls raise StoreUnreachable while there is no connection to be had.
    """

    name = "PostgreSQL"
    one_at_a_time = False
    grows_at_its_end = False
    for_update = "FOR NO KEY UPDATE"
    skip_locked = "FOR NO KEY UPDATE SKIP LOCKED"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        with _told(), self.lent() as connection:
            # A database may hold several galleries, each in a schema of its own.
            (schema,) = connection.execute("SELECT current_schema() AS name").fetchall()
        self._channel = f'"openyx {schema["name"]}"'
        self._news = News(self.connect, self._channel)

    def all(self, sql: str, params: Params) -> list[Row]:
        """All records of an answer."""
        return self._read(lambda connection: list[Row](connection.execute(*asked(sql, params)).fetchall()))

    def one(self, sql: str, params: Params) -> Row | None:
        """The first record of an answer."""
        return self._read(lambda connection: connection.execute(*asked(sql, params)).fetchone())

    def run(self, sql: str, params: Params) -> int:
        """Change something; the number of records that changed."""
        with self.transaction(), _told(), self.lent() as connection:
            return connection.execute(*asked(sql, params)).rowcount

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Generator[None]:
        """All or nothing; within another transaction a part of that one. What is durable is announced to all."""
        if self.current is not None:
            yield
            return
        begin = b"BEGIN" if durable else b"BEGIN; SET LOCAL synchronous_commit = off"
        with _told(), self._begun(begin) as connection:
            try:
                with self.in_transaction(connection):
                    yield
                _check_going_on(connection)
                connection.execute("COMMIT")
            except BaseException:
                # What failed is what matters.
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            if durable:
                self._announce(connection)

    def _announce(self, connection: Connection) -> None:
        """Tell the other hosts, in a transaction of its own: one that notifies commits while no other one does."""
        # What is not told is found: workers look once a second, and ask for cancels with each heartbeat.
        with suppress(psycopg.Error):
            connection.execute(f"BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {self._channel}; COMMIT".encode())

    @contextmanager
    def snapshot(self) -> Generator[None]:
        """All that this thread reads is of one moment."""
        stand_alone(self.current)
        with _told(), self._begun(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
            try:
                # The moment is that of the first read.
                connection.execute("SELECT 1")
                with self.in_transaction(connection):
                    yield
            finally:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")

    def damage(self) -> list[str]:
        """Nothing: the server watches over its files, and refuses a reference to what is not there."""
        return []

    def together(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        """Do each in a durable transaction of its own: the server lets those that come together share a sync."""
        return [Outcome.of(partial(self._done, work)) for work in works]

    def _done(self, work: Callable[[], T]) -> T:
        with self.transaction():
            return work()

    def begin_at_once(self) -> None:
        """None: the server has to be waited for."""

    def changes(self) -> int:
        """A number that differs from the last one when anybody has committed something durable since."""
        return self._news.heard()

    def alone(self) -> None:
        """Wait until nobody else is here, for the rest of the transaction."""
        with _told(), self.lent() as connection:
            connection.execute("SET LOCAL lock_timeout = 0")
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('openyx migrations'))")

    def script(self, sql: str) -> None:
        """Run several statements as a part of the transaction at hand."""
        with _told(), self.lent() as connection:
            connection.execute(dialect(sql).encode())

    def close(self) -> None:
        """Let go of the server."""
        self._news.close()
        super().close()

    def connect(self) -> Connection:
        """A new connection."""
        connection = Connection.connect(self._url, autocommit=True, row_factory=dict_row, **_SESSION)
        connection.execute(_TIMEOUTS)
        return connection

    def is_reusable(self, connection: Connection) -> bool:
        """Whether it is whole, and no transaction is open on it."""
        return connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE

    def disconnect(self, connection: Connection) -> None:
        """Close it."""
        connection.close()

    def _read(self, ask: Callable[[Connection], T]) -> T:
        with _told():
            if self.current is not None:
                return ask(self.current)
            try:
                with self.lent() as connection:
                    return ask(connection)
            except psycopg.OperationalError:  # it was cut while it was idle, and so were its like
                self.close_idle()
                with self.lent() as connection:
                    return ask(connection)

    @contextmanager
    def _begun(self, begin: bytes) -> Generator[Connection]:
        with self.lent() as connection:
            try:
                connection.execute(begin)
                stale = False
            except psycopg.OperationalError:
                stale = True
            if not stale:
                yield connection
                return
        self.close_idle()
        with self.lent() as connection:
            connection.execute(begin)
            yield connection


def _check_going_on(connection: Connection) -> None:
    """Contended when a statement has failed: the server would answer COMMIT by undoing all, and without an error."""
    if connection.info.transaction_status is not psycopg.pq.TransactionStatus.INTRANS:
        raise Contended("the transaction was undone with a statement that failed")


@contextmanager
def _told() -> Generator[None]:
    """The server's errors in our own words."""
    try:
        yield
    except errors.DiskFull as error:
        raise DiskFull("The disk of the gallery's database is full.", hint="make room on it, then try again") from error
    except _AGAIN as error:
        raise Contended(str(error).strip()) from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise StoreUnreachable(f"The gallery's database cannot be reached: {str(error).strip()}") from error
