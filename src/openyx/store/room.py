"""How much room a disk has; one that is full, a database file that is damaged or held, told alike whoever met it."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from openyx.errors import DiskFull, OpenYXError, StoreUnreachable, UnreadableData

_FULL = (errno.ENOSPC, errno.EDQUOT)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PRIMARY = 0xFF
"""The part of an error's code that says what kind it is of."""


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


def room() -> AbstractContextManager[None]:
    """Raise ``DiskFull`` for what the block could not write because the disk, or the user's share of it, is full.

    ``UnreadableData`` when the file of the database is damaged, ``StoreUnreachable`` when somebody holds it for long.
    """
    return _ROOM


class _Room(AbstractContextManager[None]):
    # Each question to the database is asked in one: a generator would cost more than most questions.
    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, (OSError, sqlite3.Error)) and (told := _in_our_words(error)):
            raise told from error


_ROOM = _Room()


def _in_our_words(error: OSError | sqlite3.Error) -> OpenYXError | None:
    if isinstance(error, OSError):
        return _full() if is_full(error) else None
    # Some errors of the module itself have no code of the database.
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY
    if code == sqlite3.SQLITE_FULL:
        return _full()
    if code in _DAMAGED:
        return UnreadableData(f"The gallery's database is damaged: {error}.", hint="go back to a backup")
    if code == sqlite3.SQLITE_BUSY:
        return StoreUnreachable(
            "The gallery's database is held by a process that does not let it go.",
            hint="one that was stopped while it wrote must go on, or be killed",
        )
    return None


def is_full(error: Exception) -> bool:
    """Whether an error says that there is no room on a disk of this host."""
    return isinstance(error, OSError) and error.errno in _FULL


def _full() -> DiskFull:
    return DiskFull("The disk of the gallery's data folder is full.", hint="make room on it, then try again")
