"""Waits longer after each failure."""

from __future__ import annotations

import time

FIRST = 1.0
LONGEST = 60.0


class Backoff:
    """Counts failures in a row: a second's pause after the first, then twice as long each time, a minute at most."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0

    @property
    def over(self) -> bool:
        """Whether the pause is over."""
        return time.monotonic() >= self._until

    def failed(self) -> float:
        """Begin a pause; its seconds are the answer."""
        pause: float = min(FIRST * 2 ** min(self._failures, 10), LONGEST)
        self._failures += 1
        self._until = time.monotonic() + pause
        return pause

    def well(self) -> None:
        """Forget the failures."""
        self._failures = 0
        self._until = 0.0
