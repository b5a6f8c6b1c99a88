"""What the gallery is told of a run: each word again until it is written, for a run is not lost with a database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from openyx.errors import DiskFull, StoreUnreachable
from openyx.logs import Events
from openyx.messages import Message
from openyx.queue import Queue
from openyx.store import Contended, Disposition, Job, NewOutput, Store, Version

log = Events("openyx.worker")

T = TypeVar("T")

PASSING = (DiskFull, StoreUnreachable, Contended)
"""What hinders for a while: no room, a database that is away or held, somebody else who was faster."""
_PAUSE = 1.0


class Account:
    """The record of a claimed job, kept by who runs it.

    Its calls wait while something hinders that passes, and raise it only when there is no time to wait. Each may be
    repeated though nobody knows whether it was done; what ends a job then raises ``LeaseLost``, and the job is over.
    """

    def __init__(self, job: Job, *, store: Store, queue: Queue) -> None:
        self.job = job
        self._store = store
        self._queue = queue
        self._told: int | None = None
        self._no_time = threading.Event()

    def hurry(self) -> None:
        """Wait no more, from whichever thread: what cannot be written at once is not written."""
        self._no_time.set()

    def again(self, call: Callable[[], T], *, passing: tuple[type[Exception], ...] = PASSING) -> T:
        """What a call gives, as soon as nothing hinders it that is *passing*."""
        began, hindered = time.monotonic(), False
        while True:
            try:
                given = call()
            except passing as error:
                if not hindered:
                    log.warning("a run waits for the gallery", job=self.job.id, why=str(error))
                hindered = True
                if self._no_time.wait(_PAUSE):
                    raise
            else:
                if hindered:
                    log.info("a run waits no longer", job=self.job.id, seconds=round(time.monotonic() - began, 1))
                return given

    def version(self) -> Version:
        """What is to be run."""
        return self.again(lambda: self._store.versions.find(self.job.version_id))

    def start(self) -> None:
        """The run begins."""
        self.job = self.again(lambda: self._queue.start(self.job))

    def tell(self, messages: Sequence[Message]) -> None:
        """What the run says."""
        if self._told is None:
            self._told = self.again(lambda: self._store.messages.last(self.job.id))
        after = self._told
        self.again(lambda: self._queue.tell(self.job, messages, after=after))
        self._told = after + len(messages)

    def count(self, records: int) -> None:
        """How far the run has come."""
        self.again(lambda: self._queue.heartbeat(self.job, records=records))

    def finish(
        self, disposition: Disposition, *, messages: Sequence[Message] = (), outputs: Sequence[NewOutput] = ()
    ) -> Job:
        """The run is over."""
        return self.again(lambda: self._queue.finish(self.job, disposition, messages=messages, outputs=outputs))

    def stopped(self) -> Job:
        """It was cancelled, and its child is dead."""
        return self.again(lambda: self._queue.stopped(self.job))

    def hand_back(self, *, begun: bool) -> Job:
        """It cannot be seen through here, and its child is dead."""
        return self.again(lambda: self._queue.hand_back(self.job, begun=begun))
