"""A database file on a medium that cannot be written: read from a copy, which is gone when it is closed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from openyx.errors import DiskFull, UnreadableData
from openyx.store.room import is_full
from openyx.store.sqlite import Sqlite


def can_be_written(folder: Path) -> bool:
    """Whether files can be made in a folder: its medium and its mode allow it; yes where there is none yet."""
    return not folder.exists() or os.access(folder, os.W_OK)


class Aside(Sqlite):
    """A copy of a database file, with what is in its log; what is written there stays nowhere."""

    def __init__(self, path: Path) -> None:
        self._folder = TemporaryDirectory(prefix="openyx-")
        try:
            super().__init__(_copied(path, Path(self._folder.name)))
        except BaseException:
            self._folder.cleanup()
            raise

    def close(self) -> None:
        """Let go of the copy, and remove it."""
        super().close()
        self._folder.cleanup()


def _copied(path: Path, into: Path) -> Path:
    log = path.with_name(f"{path.name}-wal")
    try:
        for each in (path, log) if log.exists() else (path,):
            shutil.copyfile(each, into / each.name)
    except OSError as error:
        if is_full(error):
            text = f"There is no room in {into.parent} to copy the records of {path.parent}, which cannot be written."
            raise DiskFull(text, hint="name a folder with room by TMPDIR") from error
        raise UnreadableData(f"{path} cannot be read: {error.strerror}") from error
    return into / path.name
