"""Where the files of blobs lie: what a folder and an address of another file system have in common."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from openyx.store.room import Disk

Needed = Callable[[str], bool]
"""Whether any record speaks of a blob."""


class Depot(Protocol):
    """Files by their digest, on a shelf for each two first digits.

    What was put is there, whole, when the call returns, and is young then: no sweep that looked before can take it
    away. All calls raise StoreUnreachable where the place does not answer.
    """

    @property
    def where(self) -> str:
        """What people call the place; nothing secret is in it."""
        ...

    def put(self, file: Path, digest: str) -> None:
        """Take a synced file, which is gone then, also where the same content is kept already; DiskFull."""
        ...

    def has(self, digest: str) -> bool:
        """Whether a blob is there."""
        ...

    def open(self, digest: str) -> BufferedReader | None:
        """A blob to read from; None when it is not there."""
        ...

    def lend(self, digest: str, beside: Path) -> AbstractContextManager[Path | None]:
        """A blob as a file, to be read only, for as long as a block runs; what is fetched for it lies *beside*."""
        ...

    def names(self) -> list[str]:
        """The shelves that there are."""
        ...

    def on(self, shelf: str, *, before: datetime | None = None) -> dict[str, int]:
        """The blobs of a shelf with their sizes; of those put there before a moment where one is named."""
        ...

    def remove(self, digest: str, *, before: datetime, needed: Needed) -> int | None:
        """Remove a blob unless it is younger than a moment or needed by then: its size; None when it stays."""
        ...

    def left(self) -> list[str]:
        """What a sweep that was killed has left half removed; each name begins with the digest and a point."""
        ...

    def settle(self, left: str, *, before: datetime, needed: Needed) -> int | None:
        """Remove what was left, or put it back, as :meth:`remove` does."""
        ...

    def now(self) -> datetime:
        """The time by the clock that says how young files are."""
        ...

    def mark(self) -> str | None:
        """What says whose files these are; None when nothing does, or a folder is not there."""
        ...

    def set_mark(self, text: str) -> None:
        """Say whose files these are."""
        ...

    def disk(self) -> Disk | None:
        """The disk that holds the files; None when nobody can tell."""
        ...
