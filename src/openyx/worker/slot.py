"""A slot: keeps one child warm and runs one job after the other."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from openyx.logs import Events
from openyx.queue import Queue
from openyx.store import Job, Store
from openyx.worker.folders import WorkFolder
from openyx.worker.run import Run, Stop
from openyx.worker.warm import Child

log = Events("openyx.worker")

_PAUSE = 1.0


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


class Slot(threading.Thread):
    """Claims jobs until it is closed, and runs them."""

    def __init__(self, number: int, *, store: Store, queue: Queue, folder: WorkFolder, program: Sequence[str]) -> None:
        super().__init__(name=f"slot-{number}", daemon=True)
        self.bell = Bell()
        self._store = store
        self._queue = queue
        self._folder = folder
        self._program = program
        self._closed = False
        self._child: Child | None = None
        self._run: Run | None = None

    @property
    def running(self) -> Run | None:
        """What it runs now."""
        return self._run

    def close(self) -> None:
        """Claim no more."""
        self._closed = True
        self.bell.ring()

    def run(self) -> None:
        """Until closed: keep a child warm, claim, run."""
        while not self._closed:
            heard = self.bell.rung
            try:
                child = self._warm()
                job = self._queue.claim(self._folder.name)
                if job is None:
                    self.bell.wait(heard, _PAUSE)
                else:
                    self._perform(job, child)
            except Exception as error:  # noqa: BLE001 - the edge of the thread: a slot that is gone serves nobody
                log.failure("slot in trouble", error, slot=self.name)
                self.bell.wait(heard, _PAUSE)
        self._discard()

    def _perform(self, job: Job, child: Child) -> None:
        self._run = Run(job, child, store=self._store, queue=self._queue, another=self._another)
        if self._closed:
            self._run.stop(Stop.SHUTDOWN)
        try:
            self._run.perform()
        finally:
            self._run = None
            self._discard()

    def _warm(self) -> Child:
        if self._child is not None and self._child.gone:
            log.warning("child died before its job", slot=self.name, last_words=self._child.last_words())
            self._discard()
        if self._child is None:
            self._child = Child(self._program, self._folder.next())
        return self._child

    def _another(self) -> Child:
        self._discard()
        return self._warm()

    def _discard(self) -> None:
        if self._child is not None:
            self._child.remove()
            self._child = None
