"""Connections to a database, shared among threads: each is one thread's at a time, a transaction's till it ends."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import contextmanager
from typing import Generic, TypeVar

C = TypeVar("C")


class Connections(ABC, Generic[C]):
    """Opens connections when they are needed, and keeps some of those that are idle."""

    most_idle = 16

    def __init__(self) -> None:
        self._idle: list[C] = []
        self._idle_lock = threading.Lock()
        self._mine = threading.local()

    @contextmanager
    def lent(self) -> Generator[C]:
        """A connection for a block: that of this thread's transaction, else any."""
        if self.current is not None:
            yield self.current
            return
        with self._idle_lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self.connect()
        try:
            yield connection
        finally:
            with self._idle_lock:
                keep = len(self._idle) < self.most_idle and self.is_reusable(connection)
                if keep:
                    self._idle.append(connection)
            if not keep:
                self.disconnect(connection)

    @property
    def current(self) -> C | None:
        """The connection of this thread's transaction."""
        return getattr(self._mine, "connection", None)

    @contextmanager
    def in_transaction(self, connection: C) -> Generator[None]:
        """For a block, what this thread asks for is asked of this connection."""
        self._mine.connection = connection
        try:
            yield
        finally:
            self._mine.connection = None

    def close_idle(self) -> None:
        """Close those that nobody uses."""
        with self._idle_lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            self.disconnect(connection)

    @abstractmethod
    def connect(self) -> C:
        """A new connection."""

    @abstractmethod
    def is_reusable(self, connection: C) -> bool:
        """Whether another thread can have it next."""

    @abstractmethod
    def disconnect(self, connection: C) -> None:
        """Close it."""


def stand_alone(current: object) -> None:
    """Refuse to begin within a transaction what must stand by itself."""
    if current is not None:
        raise RuntimeError("this cannot begin within a transaction")
