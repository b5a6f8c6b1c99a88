"""The worker's own folder: a place for each child, and the removal of what dead workers left behind."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import threading
from contextlib import suppress
from itertools import count
from pathlib import Path

from openyx.errors import FolderInUse
from openyx.logs import Events
from openyx.store import FileLock
from openyx.worker.belonging import end_all
from openyx.worker.beside import clear_beside

log = Events("openyx.worker")

_LOCK = ".lock"


class WorkFolder:
    """A folder below ``work/`` that is this worker's as long as it lives; its name is the worker's."""

    def __init__(self, work: Path) -> None:
        self._work = work = work.resolve()
        self.name = f"{socket.gethostname()}-{secrets.token_hex(6)}"
        self._lock = FileLock(work / f"{self.name}{_LOCK}")
        self._lock.acquire()
        self._folder = work / self.name
        self._folder.mkdir(mode=0o700)
        self._numbers = count(1)
        self._sweeper: threading.Thread | None = None

    def next(self) -> Path:
        """A place for the next child; it does not exist yet."""
        return self._folder / str(next(self._numbers))

    def sweep(self) -> None:
        """Remove the folders of workers that live no longer, and kill what still runs there."""
        for file in self._work.glob(f"*{_LOCK}"):
            with suppress(FolderInUse):
                with FileLock(file).held():
                    end_all(file.with_suffix(""))
                    for child in file.with_suffix("").glob("*"):
                        clear_beside(child)
                    remove(file.with_suffix(""))
                # Windows removes no open file; another worker may be looking at it right now.
                with suppress(PermissionError):
                    file.unlink(missing_ok=True)

    def sweep_aside(self) -> None:
        """Sweep in a thread of its own, unless one does already: what is large, or does not die, takes long."""
        if self._sweeper is None or not self._sweeper.is_alive():
            self._sweeper = threading.Thread(target=self._swept, name=f"sweep-{self.name}", daemon=True)
            self._sweeper.start()

    def _swept(self) -> None:
        try:
            self.sweep()
        except Exception as error:  # noqa: BLE001 - the edge of the thread: the next sweep tries again
            log.failure("what dead workers left cannot be removed", error, worker=self.name)

    def close(self) -> None:
        """Remove it."""
        remove(self._folder)
        self._lock.release()
        (self._work / f"{self.name}{_LOCK}").unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, also where somebody has shut a door; what stays is swept later."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for root, folders, _ in os.walk(folder):
            for name in folders:
                if not Path(root, name).is_symlink():
                    Path(root, name).chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
