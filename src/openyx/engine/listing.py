"""The files of a folder, as a tool that asked for them gets them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from openyx.engine.places import Places
from openyx.tools.files import Entry, Lists

_EVERYTHING = ("", "*.*")
_ATTRIBUTES = {
    "Archive": stat.FILE_ATTRIBUTE_ARCHIVE,
    "Compressed": stat.FILE_ATTRIBUTE_COMPRESSED,
    "Encrypted": stat.FILE_ATTRIBUTE_ENCRYPTED,
    "Hidden": stat.FILE_ATTRIBUTE_HIDDEN,
    "Normal": stat.FILE_ATTRIBUTE_NORMAL,
    "Offline": stat.FILE_ATTRIBUTE_OFFLINE,
    "Readonly": stat.FILE_ATTRIBUTE_READONLY,
    "ReparsePoint": stat.FILE_ATTRIBUTE_REPARSE_POINT,
    "SparseFile": stat.FILE_ATTRIBUTE_SPARSE_FILE,
    "System": stat.FILE_ATTRIBUTE_SYSTEM,
    "Temporary": stat.FILE_ATTRIBUTE_TEMPORARY,
}


def listed(places: Places, wanted: Lists) -> tuple[Entry, ...]:
    """The files of a folder in order of their names; those of the folders below come after them.

    Raises ``WorkflowError`` for a folder that is not there, ``NotHere`` for one that is out of reach.
    """
    folder = places.folder(wanted.path)
    found = _files(folder, _pattern(wanted.pattern), below=wanted.below)
    return tuple(entry for path in found if (entry := _entry(places.within_reach(path, str(path)))))


def _pattern(written: str) -> str:
    pattern = written.strip()
    # A bracket is a character like any other.
    return "*" if pattern in _EVERYTHING else pattern.casefold().replace("[", "[[]")


def _files(folder: Path, pattern: str, *, below: bool) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(folders, key=_key) if below else []
        for name in sorted(files, key=_key):
            if fnmatchcase(name.casefold(), pattern):
                yield Path(root, name)


def _key(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _entry(path: Path) -> Entry | None:
    """What the system knows of a file; nothing where it has gone in between."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    # Few systems know when a file was made; elsewhere the earliest time that is known stands for it.
    created = getattr(found, "st_birthtime", min(found.st_ctime, found.st_mtime))
    return Entry(
        path=path,
        size=found.st_size,
        created=_moment(created),
        accessed=_moment(found.st_atime),
        written=_moment(found.st_mtime),
        attributes=_attributes(path, found),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), tz=UTC).astimezone().replace(tzinfo=None)


def _attributes(path: Path, found: os.stat_result) -> frozenset[str]:
    bits: int | None = getattr(found, "st_file_attributes", None)
    if bits is not None:
        return frozenset(name for name, bit in _ATTRIBUTES.items() if bits & bit)
    known = {"Hidden": path.name.startswith("."), "Readonly": not found.st_mode & stat.S_IWUSR}
    return frozenset(name for name, holds in known.items() if holds) or frozenset({"Normal"})
