"""The store: everything that a gallery keeps, table by table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

from openyx.errors import AskedWrongly, MissingExtra
from openyx.store.addresses import folder_of, is_address
from openyx.store.aside import Aside, can_be_written
from openyx.store.attempts import Attempts
from openyx.store.backup import Backup
from openyx.store.blobs import Blobs
from openyx.store.bucket import Bucket
from openyx.store.checking import Checking
from openyx.store.database import Contended, Database
from openyx.store.depot import Depot
from openyx.store.folder import DataFolder
from openyx.store.jobs import Jobs
from openyx.store.keys import Keys
from openyx.store.mark import Mark
from openyx.store.messages import Messages
from openyx.store.migrate import Migratable, migrate, migrations
from openyx.store.moments import Clock, utc_now
from openyx.store.nonces import Nonces
from openyx.store.outputs import Outputs
from openyx.store.readiness import Readiness
from openyx.store.references import References
from openyx.store.retention import Retention
from openyx.store.secret import Seal
from openyx.store.shelves import Shelves
from openyx.store.sqlite import Sqlite
from openyx.store.studios import Studios
from openyx.store.together import Together
from openyx.store.tokens import Tokens
from openyx.store.turns import Turns
from openyx.store.users import Users
from openyx.store.versions import Versions
from openyx.store.workers import Workers
from openyx.store.workflows import Workflows

T = TypeVar("T")

_TRIES = 4


class Store:
    """Everything that a gallery keeps; safe to use from any thread, its calls block.

    A context manager: leaving it lets go of the database.
    """

    def __init__(self, database: Database, folder: DataFolder, depot: Depot, seal: Seal, clock: Clock) -> None:
        self._database = database
        self.folder = folder
        self.clock = clock
        self.mark = Mark(database, depot)
        self.blobs = Blobs(depot, folder.uploads, check=self.mark.check)
        self.studios = Studios(database, clock)
        self.users = Users(database, clock, self.studios)
        self.keys = Keys(database, clock, self.users, seal)
        self.tokens = Tokens(database, clock)
        self.nonces = Nonces(database, clock)
        self.versions = Versions(database)
        self.workflows = Workflows(database, clock, self.users, self.versions)
        self.jobs = Jobs(database)
        self.turns = Turns(database)
        self.attempts = Attempts(database)
        self.messages = Messages(database)
        self.outputs = Outputs(database)
        self.workers = Workers(database)
        self.references = References(database)
        self.retention = Retention(database, self.blobs, clock)
        self.checking = Checking(database, folder, self.blobs, self.mark, clock)
        self.backup = Backup(database, folder, self.blobs, clock)
        self.readiness = Readiness(database, folder, self.mark)

    @property
    def database(self) -> str:
        """What the records are in: ``SQLite`` or ``PostgreSQL``."""
        return self._database.name

    def transaction(self, *, durable: bool = True) -> AbstractContextManager[None]:
        """Several calls as one: all or nothing, on disk when the block is left.

        Others may write meanwhile, but not what was found *moving* or *changing*.
        ``durable=False`` is for what may be undone by a loss of power.
        """
        return self._database.transaction(durable=durable)

    @property
    def one_at_a_time(self) -> bool:
        """Whether only one thread writes at a time, so that who wants to should do it together with others."""
        return self._database.one_at_a_time

    def together(self, *works: Callable[[], T]) -> Together[T]:
        """Several *works* that read and write, in one durable transaction, bit by bit for who may not wait."""
        return Together(self._database, works)

    def written(self, work: Callable[[], T]) -> T:
        """What a *work* comes to, in a durable transaction of its own; tried again when somebody else was faster."""
        for _ in range(_TRIES - 1):
            with suppress(Contended):
                return self._transacted(work)
        return self._transacted(work)

    def _transacted(self, work: Callable[[], T]) -> T:
        with self.transaction():
            return work()

    def changes(self) -> int:
        """A number that differs from the last one when anybody, in any process, has changed the store since."""
        return self._database.changes()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_store(
    where: str | Path,
    *,
    database: str = "",
    blobs: str = "",
    clock: Clock = utc_now,
    sealed: bool = True,
    reading: bool = False,
) -> Store:
    """The store in a data folder, made or brought to this version's tables where needed.

    The *database* may be on a server (``postgresql://host/name``) and the *blobs* in another folder, or at an address
    of another file system (``s3://bucket/gallery``): then several hosts share them, each with a data folder of its own,
    in which there is still the key file. Who needs no secrets of keys, as a worker does not, opens it without (not
    *sealed*). Who is only *reading* may open one on a medium that cannot be written: its records are copied aside.

    UnreadableData when a newer version wrote it, when it is damaged, or when its key file is missing; StoreUnreachable;
    MissingExtra, and AskedWrongly for an address that no installed package knows.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, open_store(folder) as store:
    ...     store.users.owner().email
    'owner@localhost'
    """
    if "://" in str(where):
        raise AskedWrongly(f"{where} is no folder", hint="a database on a server is named beside the data folder")
    shared, bucket = folder_of(blobs), Bucket(blobs) if is_address(blobs) else None
    folder = DataFolder(
        Path(where).absolute(), blobs=shared.absolute() if shared else None, elsewhere=bucket is not None
    )
    aside = reading and not can_be_written(folder.path)
    sealed = sealed and not aside
    opened = Aside(folder.database) if aside and not database else _opened(database, folder)
    try:
        with opened.transaction():
            migrate(opened, clock, migrations())
            new = not opened.all("SELECT key FROM keys LIMIT 1", {})
            seal = Seal(folder.key(create=new) if sealed else None)
        store = Store(opened, folder, bucket or Shelves(folder.blobs), seal, clock)
        if sealed:
            store.mark.make_where_sure()
    except BaseException:
        opened.close()
        raise
    return store


def _opened(database: str, folder: DataFolder) -> Migratable:
    if not database:
        return Sqlite(folder.database)
    if urlsplit(database).scheme not in ("postgresql", "postgres"):
        known = "there is postgresql://user@host/name"
        raise AskedWrongly(f"{database.split(':', 1)[0]}: is no database that this version knows; {known}")
    try:
        from openyx.store.postgresql import Postgresql
    except ImportError as error:
        raise MissingExtra("a gallery on PostgreSQL", "postgresql") from error
    return Postgresql(database)
