"""The worker's own folder: a place for each child, and the removal of what dead workers left behind."""

from __future__ import annotations

import secrets
import shutil
import socket
from contextlib import suppress
from itertools import count
from pathlib import Path

from openyx.errors import FolderInUse
from openyx.store import FileLock

_LOCK = ".lock"


class WorkFolder:
    """A folder below ``work/`` that is this worker's as long as it lives; its name is the worker's."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self.name = f"{socket.gethostname()}-{secrets.token_hex(6)}"
        self._lock = FileLock(work / f"{self.name}{_LOCK}")
        self._lock.acquire()
        self._folder = work / self.name
        self._folder.mkdir(mode=0o700)
        self._numbers = count(1)

    def next(self) -> Path:
        """A place for the next child; it does not exist yet."""
        return self._folder / str(next(self._numbers))

    def sweep(self) -> None:
        """Remove the folders of workers that live no longer."""
        for file in self._work.glob(f"*{_LOCK}"):
            with suppress(FolderInUse):
                with FileLock(file).held():
                    shutil.rmtree(file.with_suffix(""), ignore_errors=True)
                # Windows removes no open file; another worker may be looking at it right now.
                with suppress(PermissionError):
                    file.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._lock.release()
        (self._work / f"{self.name}{_LOCK}").unlink(missing_ok=True)
