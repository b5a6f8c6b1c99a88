"""PostgreSQL: for servers and workers on several hosts."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.rows import dict_row

from openyx.errors import DiskFull, StoreUnreachable
from openyx.logs import Events
from openyx.store.connections import Connections, outside
from openyx.store.database import Contended, Params, Row

log = Events("openyx.store")

T = TypeVar("T")
Connection = psycopg.Connection[dict[str, Any]]

_LISTEN = 0.25
_PAUSE = 1.0
_PATIENCE = 10.0
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
    grows_at_its_end = False
    for_update = "FOR UPDATE"
    skip_locked = "FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        with _told(), self.lent() as connection:
            # A database may hold several galleries, each in a schema of its own.
            (schema,) = connection.execute("SELECT current_schema() AS name").fetchall()
        self._channel = f'"openyx {schema["name"]}"'
        self._news = _News(self.connect, self._channel)

    def all(self, sql: str, params: Params) -> list[Row]:
        """All records of an answer."""
        return self._read(lambda connection: list[Row](connection.execute(*_asked(sql, params)).fetchall()))

    def one(self, sql: str, params: Params) -> Row | None:
        """The first record of an answer."""
        return self._read(lambda connection: connection.execute(*_asked(sql, params)).fetchone())

    def run(self, sql: str, params: Params) -> int:
        """Change something; the number of records that changed."""
        with self.transaction(), _told(), self.lent() as connection:
            return connection.execute(*_asked(sql, params)).rowcount

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
                connection.execute(f"NOTIFY {self._channel}; COMMIT".encode() if durable else b"COMMIT")
            except BaseException:
                # What failed is what matters.
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Generator[None]:
        """All that this thread reads is of one moment."""
        outside(self.current)
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

    def together(self, work: Callable[[], T]) -> T:
        """Do something in a durable transaction; the server lets those that come at the same time share a sync."""
        with self.transaction():
            return work()

    def changes(self) -> int:
        """A number that differs from the last one when anybody has committed something durable since."""
        return self._news.heard()

    def alone(self) -> None:
        """Wait until nobody else is here, for the rest of the transaction."""
        with _told(), self.lent() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('openyx migrations'))")

    def script(self, sql: str) -> None:
        """Run several statements as a part of the transaction at hand."""
        with _told(), self.lent() as connection:
            connection.execute(dialect(sql).encode())

    def close(self) -> None:
        """Let go of the server."""
        self._news.close()
        self.close_idle()

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


class _News:
    """Listens to what others announce; listening begins when somebody first asks."""

    def __init__(self, connect: Callable[[], Connection], channel: str) -> None:
        self._connect = connect
        self._channel = channel
        self._listening = threading.Event()
        self._count = 0
        self._over = threading.Event()
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None

    def heard(self) -> int:
        """How much was heard; being cut off counts too, for nobody knows what was missed."""
        with self._begun:
            if self._thread is None and not self._over.is_set():
                self._thread = threading.Thread(target=self._listen, name="openyx-news", daemon=True)
                self._thread.start()
        self._listening.wait(_PATIENCE)
        return self._count

    def close(self) -> None:
        """Listen no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {self._channel}".encode())
                    self._listening.set()
                    while not self._over.is_set():
                        for _ in connection.notifies(timeout=_LISTEN, stop_after=1):
                            self._count += 1
            except psycopg.Error as error:
                log.warning("cut off from the news", why=str(error).strip())
                self._count += 1
                self._listening.set()
                self._over.wait(_PAUSE)


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


@lru_cache(maxsize=1024)
def _translated(sql: str) -> bytes:
    named = re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", sql.replace("%", "%%"))
    return named.replace("INSTR(", "STRPOS(").encode()


def _asked(sql: str, params: Params) -> tuple[bytes, dict[str, Any]]:
    """A query in the server's way, and its parameters."""
    return _translated(sql), {name: _holdable(value) for name, value in params.items()}


def _holdable(value: Any) -> Any:
    """Text there cannot hold the character NUL."""
    return value.replace("\0", "\N{SYMBOL FOR NULL}") if isinstance(value, str) else value


def dialect(script: str) -> str:
    """A migration as PostgreSQL takes it.

    >>> dialect("CREATE TABLE a (n INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT NOT NULL);")
    'CREATE TABLE a (n BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, t TEXT COLLATE "C" NOT NULL);'
    """
    later: list[str] = []

    def put_off(match: re.Match[str]) -> str:
        table = re.findall(r"CREATE TABLE (\w+)", script[: match.start()])[-1]
        column = script[: match.start()].rsplit("\n", 1)[-1].split()[0]
        later.append(f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) {match[0].strip()};")
        return ""

    made = re.sub(r" REFERENCES \w+ \(\w+\) DEFERRABLE INITIALLY DEFERRED", put_off, script)
    for old, new in (
        (r"\bINTEGER PRIMARY KEY AUTOINCREMENT\b", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
        (r"\bINTEGER\b", "BIGINT"),
        (r"\bBLOB\b", "BYTEA"),
        (r"\bTEXT\b", 'TEXT COLLATE "C"'),
    ):
        made = re.sub(old, new, made)
    return "\n".join([made, *later])
