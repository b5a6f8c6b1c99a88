"""News of a gallery on PostgreSQL: what its hosts announce to each other by LISTEN and NOTIFY."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg

from openyx.logs import Events

log = Events("openyx.store")

_LISTEN = 0.25
_PAUSE = 1.0
_PATIENCE = 10.0


class News:
    """Listens to what others announce; listening begins when somebody first asks."""

    def __init__(self, connect: Callable[[], psycopg.Connection[dict[str, Any]]], channel: str) -> None:
        self._connect = connect
        self._channel = channel
        self._listening = threading.Event()
        self._count = 0
        self._over = threading.Event()
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None

    def heard(self) -> int:
        """How much was heard; being cut off counts too, for nobody knows what was missed."""
        with self._begun:
            if self._thread is None and not self._over.is_set():
                self._thread = threading.Thread(target=self._listen, name="openyx-news", daemon=True)
                self._thread.start()
        self._listening.wait(_PATIENCE)
        return self._count

    def close(self) -> None:
        """Listen no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {self._channel}".encode())
                    # What was said while nobody listened was not heard.
                    self._count += self._listening.is_set()
                    self._listening.set()
                    while not self._over.is_set():
                        for _ in connection.notifies(timeout=_LISTEN, stop_after=1):
                            self._count += 1
            except psycopg.Error as error:
                log.warning("cut off from the news", why=str(error).strip())
                self._count += 1
                self._listening.set()
                self._over.wait(_PAUSE)
