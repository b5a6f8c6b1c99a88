"""Makes the files of a gallery old."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from openyx.store import Store

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def age(store: Store, *, until: datetime = LONG_AGO) -> None:
    """All blobs, and all that is being written, were last touched at that moment."""
    seconds = (until - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
    for folder in (store.folder.blobs, store.folder.uploads):
        for file in folder.rglob("*"):
            if file.is_file():
                os.utime(file, (seconds, seconds))
