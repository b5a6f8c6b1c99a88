"""A database file on a medium that cannot be written: read from a copy, which is gone when it is closed."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from openyx.errors import Conflict, DiskFull, UnreadableData
from openyx.store.room import is_full
from openyx.store.sqlite import Sqlite

_TRIES = 5


def can_be_written(folder: Path) -> bool:
    """Whether files can be made in a folder: its medium and its mode allow it; yes where there is none yet."""
    return not folder.exists() or os.access(folder, os.W_OK)


class Aside(Sqlite):
    """A copy of a database file, with what is in its log; what is written there stays nowhere.

    Nobody may write to the file meanwhile: Conflict where somebody does, UnreadableData where the copy is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._folder = TemporaryDirectory(prefix="openyx-")
        try:
            super().__init__(_copied(path, Path(self._folder.name)))
        except BaseException:
            self._folder.cleanup()
            raise
        if damage := self.damage():
            self.close()
            raise UnreadableData(
                f"the copy of {path} is damaged: {damage[0]}",
                hint="try again where somebody may have written to the gallery; else go back to a backup",
            )

    def close(self) -> None:
        """Let go of the copy, and remove it."""
        super().close()
        self._folder.cleanup()


def _copied(path: Path, into: Path) -> Path:
    """The database file and its log as they were at one moment."""
    log = path.with_name(f"{path.name}-wal")
    try:
        for _ in range(_TRIES):
            before = _state(path), _state(log)
            shutil.copyfile(path, into / path.name)
            (into / log.name).unlink(missing_ok=True)
            with suppress(FileNotFoundError):  # a gallery that nobody has open has none
                shutil.copyfile(log, into / log.name)
            if before == (_state(path), _state(log)):
                return into / path.name
    except OSError as error:
        if is_full(error):
            text = f"There is no room in {into.parent} to copy the records of {path.parent}, which cannot be written."
            raise DiskFull(text, hint="name a folder with room by TMPDIR") from error
        raise UnreadableData(f"{path} cannot be read: {error.strerror}") from error
    raise Conflict(
        f"{path} is being written to, and can be read only where it can be written",
        hint="check or copy the gallery where it is served, or a snapshot of it",
    )


def _state(file: Path) -> tuple[int, int] | None:
    """What changes whenever a file is written to; None where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
