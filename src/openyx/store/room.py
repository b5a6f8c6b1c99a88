"""A full disk, told in one way whoever met it: the database, or a file."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from openyx.errors import DiskFull

_FULL = (errno.ENOSPC, errno.EDQUOT)
_PRIMARY = 0xFF


@contextmanager
def room() -> Generator[None]:
    """Raise ``DiskFull`` for what the block could not write because the disk, or the user's share of it, is full."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _told() from error
        raise
    except sqlite3.Error as error:
        # Some errors of the module itself have no code of the database.
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY == sqlite3.SQLITE_FULL:
            raise _told() from error
        raise


def _told() -> DiskFull:
    return DiskFull("The disk of the gallery's data folder is full.", hint="make room on it, then try again")
