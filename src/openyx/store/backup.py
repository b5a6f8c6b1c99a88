"""Backup: a copy of a gallery that goes on running, of one moment, that is a gallery itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from openyx.errors import AskedWrongly, Conflict, DiskFull, NotFound, UnreadableData
from openyx.store.aside import can_be_written
from openyx.store.blobs import Blobs
from openyx.store.database import Database, Row
from openyx.store.folder import DataFolder, FileLock, sync_folder, write_beside
from openyx.store.mark import Mark
from openyx.store.migrate import migrate, migrations
from openyx.store.moments import Clock
from openyx.store.queries import queries
from openyx.store.references import SHELVES, References
from openyx.store.room import room
from openyx.store.shelves import Shelves
from openyx.store.sqlite import Sqlite
from openyx.store.sweeping import sweep

SQL = queries("backup")

_PAGE = 1000
_TRIES = 5
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds; ``missing`` are the blobs that the gallery itself has not, or not as they were."""

    records: int
    files: int
    bytes: int
    missing: tuple[str, ...]


class Backup:
    """Copies a gallery: whichever database it has, the copy has SQLite."""

    def __init__(self, database: Database, folder: DataFolder, blobs: Blobs, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self._blobs = blobs
        self._clock = clock
        self._references = References(database)

    def make(self, into: Path) -> BackedUp:
        """Copy all records of one moment, the files that they speak of, and the key file, into a folder.

        The folder must be empty, or not be there. It is filled beside and renamed in the end, so that it is whole, or
        not there. AskedWrongly, FolderInUse when another backup fills it, DiskFull.
        """
        if into.exists() and (not into.is_dir() or any(into.iterdir())):
            raise AskedWrongly(f"{into} is not an empty folder", hint="each backup has a folder of its own")
        if any(into.resolve().is_relative_to(own.resolve()) for own in (self._folder.path, self._folder.blobs)):
            raise AskedWrongly(
                f"{into} lies in the gallery itself", hint="name a folder apart, on another disk at best"
            )
        above = next(each for each in into.absolute().parents if each.exists())
        if not can_be_written(above):
            raise AskedWrongly(f"nothing can be written in {above}", hint="name a folder on another disk")
        with _told_of(into), room():
            into.parent.mkdir(parents=True, exist_ok=True)
            with _filled(into) as beside:
                return self._fill(DataFolder(beside))

    def _fill(self, copy: DataFolder) -> BackedUp:
        copies, rows = Blobs(Shelves(copy.blobs), copy.uploads), copy.path / "copying.sqlite"
        # Most files are copied before the records are: those that go meanwhile are then the few that came last.
        self._fetch(self._references, copies)
        for _ in range(_TRIES):
            records = self._copy_rows(rows)
            with closing(Sqlite(rows)) as copied:
                references = References(copied)
                missing = self._fetch(references, copies)
                if all(self._references.holds(digest) for digest in missing):
                    sweep(copies.depot, references, before=_EVER)
                    Mark(copied, copies.depot).make()
                    break
        else:
            raise Conflict("files are removed from the gallery faster than they are copied", hint="try again later")
        write_beside(copy.path / "secret.key", self._folder.key(create=False))
        _sync(rows)
        rows.rename(copy.database)
        sizes = [size for shelf in copies.depot.names() for size in copies.depot.on(shelf).values()]
        return BackedUp(records=records, files=len(sizes), bytes=sum(sizes), missing=tuple(missing))

    def _fetch(self, references: References, copies: Blobs) -> list[str]:
        """Copy the blobs that records speak of and that were not copied yet; those that could not be."""
        needed = (digest for shelf in SHELVES for digest in references.on(shelf))
        return [digest for digest in needed if not (copies.depot.has(digest) or self._copy(digest, copies))]

    def _copy(self, digest: str, copies: Blobs) -> bool:
        try:
            with self._blobs.open(digest) as file:
                return copies.add(file).digest == digest
        except NotFound:
            return False

    def _copy_rows(self, file: Path) -> int:
        """All records of one moment in a new database; how many they are."""
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()
        with closing(Sqlite(file)) as copy:
            migrate(copy, self._clock, migrations())
            with self._database.snapshot(), copy.transaction():
                copy.all("PRAGMA defer_foreign_keys = ON", {})
                tables = [row["name"] for row in copy.all(SQL["tables"], {})]
                count = sum(self._copy_table(table, copy) for table in tables)
                if torn := copy.all("PRAGMA foreign_key_check", {}):
                    text = f"records of {torn[0]['table']} refer to {torn[0]['parent']} that are not there"
                    raise UnreadableData(f"the gallery is damaged: {text}", hint="yx gallery check")
        return count

    def _copy_table(self, table: str, copy: Sqlite) -> int:
        found = copy.all(SQL["columns"].format(table=table), {})
        names = [column["name"] for column in found]
        key = [column["name"] for column in sorted(found, key=lambda column: column["pk"]) if column["pk"]]
        insert = SQL["insert"].format(table=table, columns=", ".join(names), values=_parameters(names))
        copy.run(SQL["empty"].format(table=table), {})  # what the migrations put there
        return sum(copy.run(insert, row) for row in self._rows(table, names, key))

    def _rows(self, table: str, names: list[str], key: list[str]) -> Iterator[Row]:
        """The records of a table, in pages that are found by its key; all at once where it has none."""
        columns, keys = ", ".join(names), ", ".join(key)
        if not key:
            yield from self._database.all(SQL["all"].format(columns=columns, table=table), {})
            return
        first, next_ = (
            SQL["page"].format(columns=columns, table=table, after=after, key=keys, size=_PAGE)
            for after in ("", f"WHERE ({keys}) > ({_parameters(key)})")
        )
        page = self._database.all(first, {})
        while page:
            yield from page
            page = self._database.all(next_, {name: page[-1][name] for name in key})


def _parameters(names: list[str]) -> str:
    return ", ".join(f":{name}" for name in names)


@contextmanager
def _told_of(into: Path) -> Generator[None]:
    """A backup that finds no room speaks of its own folder: the gallery is only read."""
    try:
        yield
    except DiskFull as full:
        raise DiskFull(
            f"The disk of the backup's folder {into} is full.", hint="make room on it, or name a folder on another disk"
        ) from full


@contextmanager
def _filled(into: Path) -> Generator[Path]:
    """A folder beside, that takes the place of the other when the block has ended well; else nothing is left of it."""
    beside, lock = (into.with_name(f".{into.name}.{what}") for what in ("partial", "lock"))
    with FileLock(lock, held=f"{into} is being filled by another backup ({{who}})").held():
        shutil.rmtree(beside, ignore_errors=True)  # what one that was killed has left
        beside.mkdir(mode=0o700)
        try:
            yield beside
            if into.exists():
                into.rmdir()
            beside.rename(into)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            with suppress(PermissionError):  # Windows removes no open file
                lock.unlink()
    sync_folder(into)
    sync_folder(into.parent)


def _sync(file: Path) -> None:
    with file.open("rb+") as content:
        os.fsync(content.fileno())
