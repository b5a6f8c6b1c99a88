"""A slot: runs one job after the other, each in a child that was made warm while the one before ran."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from openyx.logs import Events
from openyx.queue import Queue
from openyx.store import Job, Store
from openyx.worker.backoff import Backoff
from openyx.worker.bell import Bell
from openyx.worker.folders import WorkFolder
from openyx.worker.limits import Limits, Reach
from openyx.worker.run import Run, Stop
from openyx.worker.warm import Child

log = Events("openyx.worker")

_PAUSE = 1.0
_MOST_STARTING = 120.0
"""Seconds that a child may take for its imports."""


class Slot(threading.Thread):
    """Claims jobs until it is closed, and runs them; none is claimed before a child is ready for it."""

    def __init__(
        self,
        number: int,
        *,
        store: Store,
        queue: Queue,
        folder: WorkFolder,
        program: Sequence[str],
        limits: Limits,
        reach: Reach,
    ) -> None:
        super().__init__(name=f"slot-{number}", daemon=True)
        self.bell = Bell()
        self._store = store
        self._queue = queue
        self._folder = folder
        self._program = program
        self._limits = limits
        self._reach = reach
        self._backoff = Backoff()
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
                self._turn(heard)
            except Exception as error:  # noqa: BLE001 - the edge of the thread: a slot that is gone serves nobody
                log.failure("slot in trouble", error, slot=self.name)
                self.bell.wait(heard, _PAUSE)
        self._discard()

    def _turn(self, heard: int) -> None:
        child = self._warm()
        job = self._queue.claim(self._folder.name) if child else None
        if child is None or job is None:
            self.bell.wait(heard, _PAUSE)
        else:
            self._perform(job, child)

    def _perform(self, job: Job, child: Child) -> None:
        self._child, used = None, [child]

        def another() -> Child:
            used.append(self._new())
            return used[-1]

        self._run = run = Run(
            job,
            child,
            store=self._store,
            queue=self._queue,
            another=another,
            begun=self._start_ahead,
            limits=self._limits,
            reach=self._reach,
        )
        if self._closed:
            run.stop(Stop.SHUTDOWN)
        try:
            run.perform()
        finally:
            self._run = None
            for each in used:
                each.remove()
        if run.begun:
            self._backoff.well()
        elif run.failed_to_begin:
            self._backoff.failed()

    def _start_ahead(self) -> None:
        """The child for the next job: its imports are done while this one runs."""
        if self._closed or self._child or not self._backoff.over:
            return
        try:
            self._child = self._new()
        except OSError as error:
            log.failure("no child can be started", error, slot=self.name)
            self._backoff.failed()

    def _warm(self) -> Child | None:
        """The child, once it is ready; who cannot start one waits longer each time."""
        child = self._child
        if child is None:
            self._start_ahead()
        elif child.gone:
            self._give_up(child, "child died before its job")
        elif child.ready:
            return child
        elif child.age > _MOST_STARTING:
            self._give_up(child, "child does not become ready")
        return None

    def _new(self) -> Child:
        return Child(self._program, self._folder.next(), news=self.bell.ring)

    def _give_up(self, child: Child, event: str) -> None:
        pause = self._backoff.failed()
        log.warning(event, slot=self.name, pause=pause, last_words=child.last_words())
        self._discard()

    def _discard(self) -> None:
        if self._child is not None:
            self._child.remove()
            self._child = None
