"""The worker: slots that run jobs, and one loop that keeps leases, watches for cancels and recovers what is lost."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence

from openyx.errors import LeaseLost
from openyx.logs import Events
from openyx.queue import Queue, Watch
from openyx.store import Store
from openyx.worker.folders import WorkFolder
from openyx.worker.limits import Limits, Reach
from openyx.worker.presence import Presence
from openyx.worker.run import Run, Stop
from openyx.worker.slot import Slot

log = Events("openyx.worker")

CHILD = (sys.executable, "-P", "-X", "utf8", "-m", "openyx.worker.child")
GRACE = 10.0
_BEATS_PER_LEASE = 3
_ROUND = 1.0


class Worker:
    """Runs the jobs of a store, ``slots`` at a time, each in a child of its own that runs ``program``.

    ``grace`` is how many seconds the running jobs have to end by themselves when the worker stops; those that do not
    are handed back. ``limits`` are what each job may take, ``reach`` is what it may use beside its own folder.
    """

    def __init__(
        self,
        store: Store,
        *,
        queue: Queue | None = None,
        slots: int = 1,
        program: Sequence[str] = CHILD,
        grace: float = GRACE,
        limits: Limits | None = None,
        reach: Reach | None = None,
    ) -> None:
        self._store = store
        self._queue = queue or Queue(store)
        self._grace = grace
        self._folder = WorkFolder(store.folder.work)
        self._presence = Presence(store, name=self._folder.name, slots=slots)
        self._watch = Watch(store)
        self._next_beat = 0.0
        self._no_recovery_before = 0.0
        self._slots = [
            Slot(
                number,
                store=store,
                queue=self._queue,
                folder=self._folder,
                program=program,
                limits=limits or Limits(),
                reach=reach or Reach(),
            )
            for number in range(1, slots + 1)
        ]

    @property
    def name(self) -> str:
        """What its jobs say of who holds them; no other worker has it."""
        return self._folder.name

    def work(self, stop: threading.Event) -> None:
        """Run jobs until the event is set, then finish or hand back what runs."""
        self._folder.sweep()
        with self._presence.told():
            self._work(stop)
        log.info("worker done", worker=self.name)

    def _work(self, stop: threading.Event) -> None:
        for slot in self._slots:
            slot.start()
        log.info("worker ready", worker=self.name, slots=len(self._slots), pid=os.getpid())
        try:
            while not stop.is_set():
                self._look(stop)
            self._wind_down()
        finally:
            self._folder.close()

    def _look(self, stop: threading.Event) -> None:
        """Wait for news, and do what it asks for."""
        try:
            self._act(stop)
        except Exception as error:  # noqa: BLE001 - the edge of the process: a full disk or a held database passes
            log.failure("worker in trouble", error, worker=self.name)
            # Who could not write must take it that others could not either: their silence tells nothing yet.
            self._no_recovery_before = time.monotonic() + self._queue.lease.total_seconds()
            stop.wait(_ROUND)

    def _act(self, stop: threading.Event) -> None:
        if self._watch.wait(_ROUND, unless=stop):
            for slot in self._slots:
                slot.bell.ring()
            self._cancel()
        if time.monotonic() >= self._next_beat:
            self._beat()
            if time.monotonic() >= self._no_recovery_before:
                self._recover()
            self._next_beat = time.monotonic() + self._queue.lease.total_seconds() / _BEATS_PER_LEASE

    def _wind_down(self) -> None:
        until = time.monotonic() + self._grace
        log.info("worker stops", worker=self.name, running=len(self._running()))
        for slot in self._slots:
            slot.close()
        never = threading.Event()
        while self._running() and time.monotonic() < until:
            self._look(never)
        for run in self._running():
            run.stop(Stop.SHUTDOWN)
        for slot in self._slots:
            slot.join()

    def _running(self) -> list[Run]:
        return [run for slot in self._slots if (run := slot.running)]

    def _cancel(self) -> None:
        running = {run.job.id: run for run in self._running()}
        for job in self._store.turns.held_by(self.name) if running else ():
            if job.cancel_requested_at and job.id in running:
                running[job.id].stop(Stop.CANCELLED)

    def _beat(self) -> None:
        for run in self._running():
            try:
                if self._queue.heartbeat(run.job).cancel_requested_at:
                    run.stop(Stop.CANCELLED)
            except LeaseLost:
                run.stop(Stop.LEASE_LOST)
        self._presence.beat()

    def _recover(self) -> None:
        recovered = self._queue.recover()
        for job in recovered:
            log.warning("job recovered", job=job.id, state=job.state, lost=job.lost)
        if recovered:
            self._folder.sweep_aside()
