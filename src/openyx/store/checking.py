"""Checking: whether a gallery's records, files and key belong together, and what can be mended of what does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from openyx.errors import FolderInUse, NotFound, UnreadableData
from openyx.store.aside import can_be_written
from openyx.store.blobs import Blobs
from openyx.store.database import Database
from openyx.store.folder import DataFolder, FileLock
from openyx.store.mark import Mark
from openyx.store.moments import Clock, to_milliseconds
from openyx.store.queries import queries
from openyx.store.references import SHELVES, References
from openyx.store.secret import Seal
from openyx.store.shelves import digest_of
from openyx.store.sweeping import removable_before, sweep, unreferenced

SQL = queries("checking")

_MEND = "mend_"
_HOLDERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """What must hold of the records: ``sentence`` says it, ``mend`` what a repair does where it does not."""

    name: str
    sentence: str
    sql: str
    mend: str = ""
    mending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong: the ``rule`` that is broken, ``what`` breaks it, and how; ``repaired`` says what was done."""

    rule: str
    what: str
    text: str
    repaired: str = ""


def invariants() -> tuple[Invariant, ...]:
    """What must hold of the records, in the order in which it is looked at.

    >>> [each.sentence for each in invariants()][-1]
    'The version that a job runs is one of its workflow.'
    """
    return tuple(_invariant(name) for name in SQL if not name.startswith(_MEND))


def _invariant(name: str) -> Invariant:
    sentence, _, sql = SQL[name].removeprefix("-- ").partition("\n")
    mend, _, mending = SQL.get(_MEND + name, "").removeprefix("-- ").partition("\n")
    return Invariant(name=name, sentence=sentence, sql=sql, mend=mend, mending=mending)


class Checking:
    """Looks at a gallery, also while it runs."""

    def __init__(self, database: Database, folder: DataFolder, blobs: Blobs, mark: Mark, clock: Clock) -> None:
        self._database = database
        self._mark = mark
        self._folder = folder
        self._blobs = blobs
        self._clock = clock
        self._references = References(database)

    def check(self, *, deep: bool = False, repair: bool = False) -> Iterator[Finding]:
        """What is wrong, as it is found; *deep* reads every file, *repair* mends what can be mended.

        When the database itself is damaged, or the folder of files is away or another gallery's, nothing else is looked
        at. What lies in a folder that had to be marked stays until the next repair.
        """
        if damage := self._database.damage():
            yield from (Finding(rule="database", what=self._database.name, text=text) for text in damage)
            return
        if not self._mark.is_there:
            found = self._unmarked(repair=repair)
            yield found
            if not found.repaired:
                return
            repair = False
        yield from self._records(repair=repair)
        yield from self._keys()
        yield from self._files(deep=deep)
        yield from self._unneeded(repair=repair)
        yield from self._left(repair=repair)

    def _unmarked(self, *, repair: bool) -> Finding:
        rule, where = "files_are_there", self._blobs.depot.where
        if self._mark.is_anothers:
            return Finding(rule=rule, what=where, text="it has the mark of another gallery, whose files they are")
        if repair:
            self._mark.make()
        text = "it has not the mark of this gallery: it is away, or another one"
        return Finding(rule=rule, what=where, text=text, repaired="marked" if repair else "")

    def _records(self, *, repair: bool) -> Iterator[Finding]:
        with self._database.snapshot():
            broken = {each: self._broken(each) for each in invariants()}
        for invariant, found in broken.items():
            mended = repair and invariant.mending and found
            if mended:
                self._database.run(invariant.mending, {"now": to_milliseconds(self._clock())})
            left = set(self._broken(invariant)) if mended else set(found)
            for what in found:
                finding = Finding(rule=invariant.name, what=what, text=invariant.sentence)
                yield finding if what in left else replace(finding, repaired=invariant.mend)

    def _broken(self, invariant: Invariant) -> list[str]:
        return [row["what"] for row in self._database.all(invariant.sql, {})]

    def _keys(self) -> Iterator[Finding]:
        rows = self._database.all("SELECT key, sealed_secret FROM keys ORDER BY key", {})
        if not rows:
            return
        try:
            seal = Seal(self._folder.key(create=False))
        except UnreadableData as error:
            yield Finding(rule="key_file", what="secret.key", text=error.message)
            return
        for row in rows:
            try:
                seal.open(row["sealed_secret"], of=row["key"])
            except UnreadableData as error:
                yield Finding(rule="secret_opens", what=f"key {row['key']}", text=error.message)

    def _files(self, *, deep: bool) -> Iterator[Finding]:
        for shelf in SHELVES:
            needed = self._references.on(shelf)
            standing = self._blobs.depot.on(shelf) if needed else {}
            for digest, size in needed.items():
                if standing.get(digest) == size and not deep:
                    continue
                if (trouble := self._trouble(digest, size)) and self._references.holds(digest):
                    text = f"{trouble}; {self._needed(digest)}"
                    yield Finding(rule="file_is_whole", what=f"file {digest}", text=text)

    def _trouble(self, digest: str, size: int) -> str:
        try:
            with self._blobs.open(digest) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
                held = file.tell()
        except NotFound:
            return "it is missing"
        except OSError as error:
            return f"it cannot be read: {error.strerror}"
        if held != size:
            return f"it has {held:,} bytes, not {size:,}"
        return "" if found == digest else "its content is not what it was"

    def _needed(self, digest: str) -> str:
        holders = self._references.holders(digest)
        more = f" and {len(holders) - _HOLDERS} more" if len(holders) > _HOLDERS else ""
        return f"needed by {', '.join(holders[:_HOLDERS])}{more}"

    def _unneeded(self, *, repair: bool) -> Iterator[Finding]:
        depot = self._blobs.depot
        before = removable_before(depot, self._references)
        found = {
            digest: size
            for shelf in depot.names()
            for digest, size in unreferenced(depot, self._references, shelf, before=before).items()
        }
        aside = depot.left()
        if repair:
            sweep(depot, self._references, before=before)
        for digest, size in found.items():
            text = f"no record speaks of its {size:,} bytes"
            yield _removed("file_is_needed", f"file {digest}", text, gone=repair and not depot.has(digest))
        for left in aside:
            # Only after a repair: to look for what is aside puts it back.
            done = ("put back" if depot.has(digest_of(left)) else "removed") if repair else ""
            text = "a sweep that was killed left it aside"
            yield Finding(rule="aside_is_empty", what=f"file {left}", text=text, repaired=done)

    def _left(self, *, repair: bool) -> Iterator[Finding]:
        for file in self._blobs.begun():
            if repair:
                file.unlink(missing_ok=True)
            yield _removed("upload_goes_on", f"upload {file.name}", "nobody writes to it any more", gone=repair)
        for folder in _left_folders(self._folder.work):
            text = "its worker is gone; the next one that starts on this host removes it, with what still runs there"
            yield Finding(rule="work_goes_on", what=f"folder {folder.name}", text=text)


def _removed(rule: str, what: str, text: str, *, gone: bool) -> Finding:
    return Finding(rule=rule, what=what, text=text, repaired="removed" if gone else "")


def _left_folders(work: Path) -> Iterable[Path]:
    """The folders of workers that live no longer; on a medium that cannot be written nobody can tell."""
    if not can_be_written(work):
        return
    for folder in sorted(path for path in work.iterdir() if path.is_dir()):
        with suppress(FolderInUse), FileLock(folder.with_name(f"{folder.name}.lock")).held():
            yield folder
