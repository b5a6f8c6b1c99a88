"""Waiting for news: notices within a blink that some process has changed the store."""

from __future__ import annotations

import threading
import time

from openyx.store import Store

BLINK = 0.05


class Watch:
    """Notices changes of the store by any process, by looking at a number every 50 ms; looking costs microseconds."""

    def __init__(self, store: Store, *, blink: float = BLINK) -> None:
        self._store = store
        self._blink = blink
        self._seen = store.changes()

    def wait(self, seconds: float, *, unless: threading.Event | None = None) -> bool:
        """Wait for a change since this was last asked, for the time to be over, or for the event to be set.

        Whether there was a change.
        """
        stop = unless or threading.Event()
        until = time.monotonic() + seconds
        while True:
            seen = self._store.changes()
            if seen != self._seen:
                self._seen = seen
                return True
            left = until - time.monotonic()
            if left <= 0 or stop.wait(min(self._blink, left)):
                return False
