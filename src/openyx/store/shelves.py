"""Shelves: where the files of blobs stand, how one is put there, and how one is taken away while others may come."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from openyx.store.folder import sync_folder
from openyx.store.room import room


class Shelves:
    """The folder of blobs: a shelf for each two first digits of a digest, and ``aside`` for what is being removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._aside = folder / "aside"

    def place(self, digest: str) -> Path:
        """Where a blob stands, or would."""
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise ValueError(f"{digest!r} is no SHA-256")
        return self._folder / digest[:2] / digest[2:]

    def find(self, digest: str) -> Path | None:
        """A blob in its place, brought back there if it was aside; None when it is gone."""
        place = self.place(digest)
        if place.is_file():
            return place
        for aside in self._aside.glob(f"{digest}.*"):
            self.put_back(aside)
        return place if place.is_file() else None

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

    def set_aside(self, digest: str) -> Path | None:
        """Move a blob out of its place; where it is now, None when it was gone.

        Whoever asks for it gets it back. Who moved it looks at it once more, and puts it back or removes it.
        """
        # A name that no other move ever has: what is found under it is what was moved.
        aside = self._aside / f"{digest}.{secrets.token_hex(8)}"
        self._aside.mkdir(mode=0o700, exist_ok=True)
        try:
            return self.place(digest).rename(aside)
        except (FileNotFoundError, PermissionError):  # Windows moves no file that is being read
            return None

    def aside(self) -> list[Path]:
        """What was set aside, by whomever."""
        return sorted(self._aside.iterdir()) if self._aside.is_dir() else []

    def put_back(self, aside: Path) -> None:
        """Return what was set aside to its place, unless it has come again meanwhile."""
        place = self.place(digest_of(aside))
        with suppress(FileNotFoundError):
            try:
                place.hardlink_to(aside)
            except FileExistsError:
                pass
            except OSError:  # a file system without links: what has come meanwhile has the same content
                aside.replace(place)
        aside.unlink(missing_ok=True)


def digest_of(aside: Path) -> str:
    """Which blob it is that was set aside."""
    return aside.name.partition(".")[0]


def is_older(file: Path, moment: datetime) -> bool:
    """Whether a file is there, and was last touched before that moment."""
    with suppress(FileNotFoundError):
        return touched(file.stat()) < moment
    return False


def touched(found: os.stat_result) -> datetime:
    """When a file was last written to."""
    return datetime.fromtimestamp(found.st_mtime, UTC)
