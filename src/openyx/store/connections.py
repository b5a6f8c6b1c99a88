"""Connections to a database, shared among threads: each is one thread's at a time, a transaction's till it ends."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Hashable
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, TypeVar

C = TypeVar("C")
T = TypeVar("T")


class _Mine(threading.local):
    connection: Any = None
    answers: dict[Hashable, Any] | None = None


class Connections(ABC, Generic[C]):
    """Opens connections when they are needed, and keeps some of those that are idle."""

    most_idle = 16

    def __init__(self) -> None:
        self._idle: list[C] = []
        self._idle_lock = threading.Lock()
        self._closed = False
        self._mine = _Mine()

    def lent(self) -> AbstractContextManager[C]:
        """A connection for a block: that of this thread's transaction, else any."""
        return _Lent(self)

    def take(self) -> C:
        """A connection for this thread, until it gives it back."""
        if self.current is not None:
            return self.current
        with self._idle_lock:
            connection = self._idle.pop() if self._idle else None
        return connection or self.connect()

    def give_back(self, connection: C) -> None:
        """Let others have it, unless it is that of this thread's transaction."""
        if connection is self.current:
            return
        with self._idle_lock:
            keep = not self._closed and len(self._idle) < self.most_idle and self.is_reusable(connection)
            if keep:
                self._idle.append(connection)
        if not keep:
            self.disconnect(connection)

    @property
    def current(self) -> C | None:
        """The connection of this thread's transaction."""
        found: C | None = self._mine.connection
        return found

    @contextmanager
    def in_transaction(self, connection: C, answers: dict[Hashable, Any] | None = None) -> Generator[None]:
        """For a block, what this thread asks for is asked of this connection, unless the answer is known."""
        self._mine.connection, self._mine.answers = connection, answers
        try:
            yield
        finally:
            self._mine.connection = self._mine.answers = None

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question, known from before or asked now; neither errors nor None are remembered."""
        answers = self._mine.answers
        if answers is None:
            return ask()
        known: T | None = answers.get(question)
        if known is not None:
            return known
        if (found := ask()) is not None:
            answers[question] = found
        return found

    def close(self) -> None:
        """Close those that nobody uses, and the others when they are given back."""
        with self._idle_lock:
            self._closed = True
        self.close_idle()

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


class _Lent(AbstractContextManager[C]):
    # Many are made for each request: a generator would cost more than what is done with the connection.
    def __init__(self, connections: Connections[C]) -> None:
        self._connections = connections

    def __enter__(self) -> C:
        self._connection = self._connections.take()
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connections.give_back(self._connection)


def stand_alone(current: object) -> None:
    """Refuse to begin within a transaction what must stand by itself."""
    if current is not None:
        raise RuntimeError("this cannot begin within a transaction")
