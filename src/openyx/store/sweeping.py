"""Sweeping of blobs: what no record speaks of goes, while others upload the same content and read it.

Three rules make that safe wherever either side is, and wherever it is killed:

- Who keeps content puts a file into its place, also where one stands. It is young then.
- What no record speaks of is moved aside first. It goes when it is still old there, and still nobody speaks of it; else
  it is put back. What comes after the move stands in the place and is not touched.
- Who reads what is aside puts it back first.

So a blob goes only if it was kept a day before, no record speaks of it since, and no attempt goes on that may have
kept it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openyx.store.blobs import ABANDONED, Blobs
from openyx.store.references import References
from openyx.store.shelves import Shelves, digest_of, is_older


@dataclass(slots=True)
class Removed:
    """How many files went, and how many bytes with them."""

    files: int = 0
    bytes: int = 0


def removable_before(blobs: Blobs, references: References) -> datetime:
    """What was kept before that moment goes unless a record speaks of it."""
    now = blobs.now()
    return min(now, references.held_since() or now) - ABANDONED


def sweep(
    shelves: Shelves, references: References, *, before: datetime, stop: Callable[[], bool] = lambda: False
) -> Removed:
    """Remove the blobs that no record speaks of and that were kept before a moment; *stop* ends it early."""
    removed = Removed()
    for left in shelves.aside():
        _settle(shelves, references, left, before=before, removed=removed)
    for shelf in shelves.names():
        for digest in unreferenced(shelves, references, shelf, before=before):
            if stop():
                return removed
            if aside := shelves.set_aside(digest):
                _settle(shelves, references, aside, before=before, removed=removed)
    return removed


def unreferenced(shelves: Shelves, references: References, shelf: str, *, before: datetime) -> dict[str, int]:
    """The blobs of a shelf that no record speaks of and that were kept before a moment, with their sizes."""
    old = shelves.on(shelf, before=before)
    known = references.on(shelf) if old else {}
    return {digest: size for digest, size in sorted(old.items()) if digest not in known}


def _settle(shelves: Shelves, references: References, aside: Path, *, before: datetime, removed: Removed) -> None:
    if not is_older(aside, before) or references.holds(digest_of(aside)):
        shelves.put_back(aside)
        return
    with suppress(FileNotFoundError):  # another sweep was faster
        size = aside.stat().st_size
        aside.unlink()
        removed.files += 1
        removed.bytes += size
