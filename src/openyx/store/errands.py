"""Errands: what several threads want to write at the same time, done in one transaction, so that its sync is shared."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

T = TypeVar("T")

Block = Callable[[], AbstractContextManager[None]]


class Errand(Generic[T]):
    """What one thread wants done, and what came of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self.error: BaseException | None = None

    @property
    def done(self) -> bool:
        """Whether it was done, well or not."""
        return bool(self._results) or self.error is not None

    def do(self, part: Block) -> None:
        """Do it, as a part that is undone alone when it fails."""
        try:
            with part():
                self._results.append(self._work())
        except Exception as error:  # noqa: BLE001 - it is raised where it belongs: in the thread that wants it done
            self.error = error

    def result(self) -> T:
        """What came of it, or the error."""
        if self.error is not None:
            raise self.error
        return self._results[0]


class Errands:
    """Does errands one after the other; those that come while one is done are done together."""

    def __init__(self, transaction: Block, part: Block) -> None:
        self._transaction = transaction
        self._part = part
        self._waiting: deque[Errand[object]] = deque()
        self._lock = threading.Lock()

    def do(self, work: Callable[[], T]) -> T:
        """What *work* gives, once it is on disk."""
        errand = Errand(work)
        self._waiting.append(errand)  # type: ignore[arg-type] # who waits there is asked for nothing
        with self._lock:
            if not errand.done:
                self._do_all()
        return errand.result()

    def _do_all(self) -> None:
        """All that wait by now: each is answered when all are on disk, or when none is."""
        errands = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            with self._transaction():
                for errand in errands:
                    errand.do(self._part)
        except BaseException as error:
            for errand in errands:
                errand.error = errand.error or error
            if not isinstance(error, Exception):
                raise
