"""What wakes a slot."""

from __future__ import annotations

import threading


class Bell:
    """Rung when there may be work, or an end of it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rung = 0

    @property
    def rung(self) -> int:
        """How often it was rung."""
        return self._rung

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Wait until it was rung more often than was heard, or the time is over."""
        with self._condition:
            self._condition.wait_for(lambda: self._rung != heard, seconds)
