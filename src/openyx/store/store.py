"""The store: everything that a gallery keeps, table by table."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from openyx.errors import AskedWrongly
from openyx.store.attempts import Attempts
from openyx.store.blobs import Blobs
from openyx.store.database import Database
from openyx.store.folder import DataFolder
from openyx.store.jobs import Jobs
from openyx.store.keys import Keys
from openyx.store.messages import Messages
from openyx.store.migrate import migrate, migrations
from openyx.store.moments import Clock, utc_now
from openyx.store.nonces import Nonces
from openyx.store.outputs import Outputs
from openyx.store.secret import Seal
from openyx.store.sqlite import Sqlite
from openyx.store.studios import Studios
from openyx.store.tokens import Tokens
from openyx.store.users import Users
from openyx.store.versions import Versions
from openyx.store.workflows import Workflows


class Store:
    """Everything that a gallery keeps; safe to use from any thread, its calls block.

    A context manager: leaving it lets go of the database.
    """

    def __init__(self, database: Database, folder: DataFolder, seal: Seal, clock: Clock) -> None:
        self._database = database
        self.folder = folder
        self.clock = clock
        self.blobs = Blobs(folder.blobs, folder.uploads)
        self.studios = Studios(database, clock)
        self.users = Users(database, clock, self.studios)
        self.keys = Keys(database, clock, self.users, seal)
        self.tokens = Tokens(database, clock)
        self.nonces = Nonces(database, clock)
        self.versions = Versions(database)
        self.workflows = Workflows(database, clock, self.users, self.versions)
        self.jobs = Jobs(database)
        self.attempts = Attempts(database)
        self.messages = Messages(database)
        self.outputs = Outputs(database)

    def transaction(self, *, durable: bool = True) -> AbstractContextManager[None]:
        """Several calls as one: all or nothing, nobody else writes meanwhile, on disk when the block is left.

        ``durable=False`` is for what may be undone by a loss of power.
        """
        return self._database.transaction(durable=durable)

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


def open_store(where: str | Path, *, clock: Clock = utc_now) -> Store:
    """The store in a data folder, made or brought to this version's tables where needed.

    UnreadableData when a newer version wrote it, when it is damaged, or when its key file is missing.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, open_store(folder) as store:
    ...     store.users.owner().email
    'owner@localhost'
    """
    if "://" in str(where):
        raise AskedWrongly(f"{str(where).split('://')[0]}:// is no store that this version knows; name a folder")
    folder = DataFolder(Path(where).absolute())
    database = Sqlite(folder.database)
    try:
        with database.transaction():
            migrate(database, clock, migrations())
            seal = Seal(folder.key(create=not database.all("SELECT key FROM keys LIMIT 1", {})))
    except BaseException:
        database.close()
        raise
    return Store(database, folder, seal, clock)
