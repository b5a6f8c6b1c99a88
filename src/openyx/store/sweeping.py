"""Sweeping of blobs: what no record speaks of goes, while others upload the same content and read it.

A blob goes only if it was kept a day before, no record speaks of it since, and no attempt goes on that may have kept
it. Who keeps content puts it again, also where it is kept already, and it is young then; how a place makes sure that
nobody removes what has just come is told there: :mod:`openyx.store.shelves`, :mod:`openyx.store.bucket`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from openyx.store.blobs import ABANDONED
from openyx.store.depot import Depot
from openyx.store.references import References


@dataclass(slots=True)
class Removed:
    """How many files went, and how many bytes with them."""

    files: int = 0
    bytes: int = 0

    def count(self, size: int | None) -> None:
        """One more, unless it stayed."""
        if size is not None:
            self.files += 1
            self.bytes += size


def removable_before(depot: Depot, references: References) -> datetime:
    """What was kept before that moment goes unless a record speaks of it."""
    now = depot.now()
    return min(now, references.held_since() or now) - ABANDONED


def sweep(
    depot: Depot, references: References, *, before: datetime, stop: Callable[[], bool] = lambda: False
) -> Removed:
    """Remove the blobs that no record speaks of and that were kept before a moment; *stop* ends it early."""
    removed, needed = Removed(), references.holds
    for left in depot.left():
        removed.count(depot.settle(left, before=before, needed=needed))
    for shelf in depot.names():
        for digest in unreferenced(depot, references, shelf, before=before):
            if stop():
                return removed
            removed.count(depot.remove(digest, before=before, needed=needed))
    return removed


def unreferenced(depot: Depot, references: References, shelf: str, *, before: datetime) -> dict[str, int]:
    """The blobs of a shelf that no record speaks of and that were kept before a moment, with their sizes."""
    old = depot.on(shelf, before=before)
    known = references.on(shelf) if old else {}
    return {digest: size for digest, size in sorted(old.items()) if digest not in known}
