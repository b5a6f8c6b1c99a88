"""Shelves: where the files of blobs stand, how one is put there, and how one is taken away while others may come.

Three rules make that safe wherever either side is, and wherever it is killed:

- Who keeps content puts a file into its place, also where one stands. It is young then.
- What no record speaks of is moved aside first. It goes when it is still old there, and still nobody speaks of it; else
  it is put back. What comes after the move stands in the place and is not touched.
- Who reads what is aside puts it back first.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

from openyx.errors import StoreUnreachable
from openyx.store.depot import Needed
from openyx.store.folder import sync_folder, write_beside
from openyx.store.room import Disk, disk_of, room


class Shelves:
    """A folder of blobs: a shelf for each two first digits of a digest, and ``aside`` for what is being removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._aside = folder / "aside"
        self._mark = folder / ".gallery"

    @property
    def where(self) -> str:
        """The folder."""
        return str(self._folder)

    def place(self, digest: str) -> Path:
        """Where a blob stands, or would."""
        shelf, name = parted(digest)
        return self._folder / shelf / name

    def find(self, digest: str) -> Path | None:
        """A blob in its place, brought back there if it was aside; None when it is gone."""
        place = self.place(digest)
        if place.is_file():
            return place
        for aside in self._aside.glob(f"{digest}.*"):
            self._put_back(aside)
        return place if place.is_file() else None

    def has(self, digest: str) -> bool:
        """Whether a blob is there."""
        return self.find(digest) is not None

    def open(self, digest: str) -> BufferedReader | None:
        """A blob to read from; None when it is not there."""
        while path := self.find(digest):
            with suppress(FileNotFoundError):  # a sweep has it in its hands at this moment
                return path.open("rb")
        return None

    @contextmanager
    def lend(self, digest: str, beside: Path) -> Generator[Path | None]:  # noqa: ARG002 - nothing need be fetched
        """A blob in its place."""
        yield self.find(digest)

    def put(self, file: Path, digest: str) -> None:
        """Rename a synced file into its place; DiskFull.

        Also where the same content stands already: what stands there is then as young as its last comer, and no sweep
        that has seen it old can take it away.
        """
        place = self.place(digest)
        with room():
            os.utime(file)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            try:
                file.replace(place)
            except PermissionError:  # Windows replaces no file that is being read
                os.utime(place)
                file.unlink()
            sync_folder(place.parent)
            sync_folder(self._folder)

    def names(self) -> list[str]:
        """The shelves that there are."""
        return sorted(entry.name for entry in self._folder.iterdir() if re.fullmatch("[0-9a-f]{2}", entry.name))

    def on(self, shelf: str, *, before: datetime | None = None) -> dict[str, int]:
        """The blobs of a shelf with their sizes; of those put there before a moment where one is named."""
        found: dict[str, int] = {}
        folder = self._folder / shelf
        for file in folder.iterdir() if folder.is_dir() else ():
            with suppress(FileNotFoundError):
                if not re.fullmatch("[0-9a-f]{62}", file.name):
                    continue
                stat = file.stat()
                if before is None or touched(stat) < before:
                    found[shelf + file.name] = stat.st_size
        return found

    def remove(self, digest: str, *, before: datetime, needed: Needed) -> int | None:
        """Remove a blob unless it is younger than a moment or needed by then: its size; None when it stays."""
        aside = self.set_aside(digest)
        return self.settle(aside, before=before, needed=needed) if aside else None

    def set_aside(self, digest: str) -> str:
        """Move a blob out of its place: its name there; nothing when it was gone.

        Whoever asks for it gets it back. Who moved it looks at it once more, and puts it back or removes it.
        """
        # A name that no other move ever has: what is found under it is what was moved.
        aside = self._aside / f"{digest}.{secrets.token_hex(8)}"
        self._aside.mkdir(mode=0o700, exist_ok=True)
        try:
            return self.place(digest).rename(aside).name
        except (FileNotFoundError, PermissionError):  # Windows moves no file that is being read
            return ""

    def left(self) -> list[str]:
        """What was set aside, by whomever."""
        return sorted(each.name for each in self._aside.iterdir()) if self._aside.is_dir() else []

    def settle(self, left: str, *, before: datetime, needed: Needed) -> int | None:
        """Remove what was set aside, unless it is young or needed by now: then it is put back."""
        aside = self._aside / left
        if not is_older(aside, before) or needed(digest_of(left)):
            self._put_back(aside)
            return None
        with suppress(FileNotFoundError):  # another sweep was faster
            size = aside.stat().st_size
            aside.unlink()
            return size
        return None

    def now(self) -> datetime:
        """The time by the clock of the file system, which may be another host's."""
        return now_in(self._folder)

    def mark(self) -> str | None:
        """What says whose files these are; None when nothing does, or the folder is not there."""
        try:
            return self._mark.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreUnreachable(
                f"The files in {self.where} cannot be reached: {error.strerror}.", hint="does the share answer?"
            ) from error

    def set_mark(self, text: str) -> None:
        """Say whose files these are."""
        write_beside(self._mark, text.encode())

    def disk(self) -> Disk | None:
        """The disk that holds the folder; None while that is away."""
        return disk_of(self._folder)

    def _put_back(self, aside: Path) -> None:
        """Return what was set aside to its place, unless it has come again meanwhile."""
        place = self.place(digest_of(aside.name))
        with suppress(FileNotFoundError):
            try:
                place.hardlink_to(aside)
            except FileExistsError:
                pass
            except OSError:  # a file system without links: what has come meanwhile has the same content
                aside.replace(place)
        aside.unlink(missing_ok=True)


def parted(digest: str) -> tuple[str, str]:
    """The shelf of a blob, and its name there; ValueError for what is no digest."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError(f"{digest!r} is no SHA-256")
    return digest[:2], digest[2:]


def digest_of(left: str) -> str:
    """Which blob it is that was left half removed."""
    return left.partition(".")[0]


def is_older(file: Path, moment: datetime) -> bool:
    """Whether a file is there, and was last touched before that moment."""
    with suppress(FileNotFoundError):
        return touched(file.stat()) < moment
    return False


def now_in(folder: Path) -> datetime:
    """The time by the clock of the file system of a folder; by the host's where nothing can be written."""
    if not os.access(folder, os.W_OK):
        return datetime.now(UTC)
    with room(), tempfile.TemporaryFile(dir=folder) as file:
        return touched(os.fstat(file.fileno()))


def touched(found: os.stat_result) -> datetime:
    """When a file was last written to."""
    return datetime.fromtimestamp(found.st_mtime, UTC)
