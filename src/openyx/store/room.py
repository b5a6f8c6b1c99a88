"""How much room a disk has; one that is full, a database file that is damaged or held, told alike whoever met it."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openyx.errors import DiskFull, StoreUnreachable, UnreadableData

_FULL = (errno.ENOSPC, errno.EDQUOT)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PRIMARY = 0xFF


@dataclass(frozen=True, slots=True)
class Disk:
    """How many bytes of a disk are free, and how many it has in all."""

    free: int
    total: int


def disk_of(folder: Path) -> Disk | None:
    """The disk that holds a folder; None while that is away."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Disk(free=usage.free, total=usage.total)


@contextmanager
def room() -> Generator[None]:
    """Raise ``DiskFull`` for what the block could not write because the disk, or the user's share of it, is full.

    ``UnreadableData`` when the file of the database is damaged, ``StoreUnreachable`` when somebody holds it for long.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise _told() from error
        raise
    except sqlite3.Error as error:
        # Some errors of the module itself have no code of the database.
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if code == sqlite3.SQLITE_FULL:
            raise _told() from error
        if code in _DAMAGED:
            raise UnreadableData(f"The gallery's database is damaged: {error}.", hint="go back to a backup") from error
        if code == sqlite3.SQLITE_BUSY:
            raise StoreUnreachable(
                "The gallery's database is held by a process that does not let it go.",
                hint="one that was stopped while it wrote must go on, or be killed",
            ) from error
        raise


def is_full(error: Exception) -> bool:
    """Whether an error says that there is no room on a disk of this host."""
    return isinstance(error, OSError) and error.errno in _FULL


def _told() -> DiskFull:
    return DiskFull("The disk of the gallery's data folder is full.", hint="make room on it, then try again")
