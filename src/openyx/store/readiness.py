"""Whether a gallery can keep what comes: its database answers, its disks have room, its folders can be written."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
import time

from openyx.errors import OpenYXError
from openyx.logs import Events
from openyx.store.database import Database
from openyx.store.folder import DataFolder
from openyx.store.mark import Mark

log = Events("openyx.store")

ROOM = 64 << 20
"""How many bytes must be free for a gallery to take anything."""

_FRESH = 1.0
_PATIENCE = 1.0


class Readiness:
    """Looks at most once a second, however many ask; ``room`` is how many bytes must be free."""

    def __init__(self, database: Database, folder: DataFolder, mark: Mark, *, room: int = ROOM) -> None:
        self._database = database
        self._folder = folder
        self._mark = mark
        self.room = room
        self._looking = threading.Lock()
        self._found = False
        self._until = 0.0

    def ready(self) -> bool:
        """Whether all is well; also not when a look takes longer than a second, as at a database that is away."""
        if not self._looking.acquire(timeout=_PATIENCE):
            return False
        try:
            if time.monotonic() >= self._until:
                self._found = self._look()
                self._until = time.monotonic() + _FRESH
            return self._found
        finally:
            self._looking.release()

    def _look(self) -> bool:
        try:
            self._database.one("SELECT 1 AS one", {})
            self._mark.check()
            for folder in (self._folder.path, self._folder.uploads):
                if shutil.disk_usage(folder).free < self.room:
                    log.warning("not ready", why="the disk is full", folder=str(folder))
                    return False
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except (OpenYXError, OSError, sqlite3.Error) as error:
            log.warning("not ready", why=str(error))
            return False
        return True
