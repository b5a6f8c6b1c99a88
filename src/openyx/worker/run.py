"""One job from its claim to its end: laid out, told to a child, listened to, recorded."""

from __future__ import annotations

import threading
from enum import Enum, auto
from pathlib import Path

from openyx.errors import LeaseLost, OpenYXError
from openyx.logs import Events
from openyx.messages import Kind, Message
from openyx.queue import Queue
from openyx.store import Disposition, Job, NewOutput, OutputKind, Store
from openyx.worker.prepare import prepare
from openyx.worker.process import death
from openyx.worker.protocol import Ended, Event, Product, Progress, Said, Task
from openyx.worker.warm import Child

log = Events("openyx.worker")

_TROUBLE = (Kind.WARNING, Kind.CONVERSION_ERROR, Kind.CONVERSION_LIMIT)


class Stop(Enum):
    """Why a run is stopped before it is over."""

    CANCELLED = auto()
    SHUTDOWN = auto()
    LEASE_LOST = auto()


class Run:
    """The run of a claimed job in a warm child."""

    def __init__(self, job: Job, child: Child, *, store: Store, queue: Queue) -> None:
        self.job = job
        self._child = child
        self._store = store
        self._queue = queue
        self._kinds: set[Kind] = set()
        self._ended: Ended | None = None
        self._stop: Stop | None = None
        self._lock = threading.Lock()

    def stop(self, reason: Stop) -> None:
        """Kill the child, from whichever thread; the first reason counts."""
        with self._lock:
            self._stop = self._stop or reason
        self._child.kill()

    def perform(self) -> None:
        """Run the job and record how it ended."""
        try:
            self._run()
            self._record()
        except LeaseLost as lost:
            log.warning("lease lost", job=self.job.id, why=lost.message)
        finally:
            self._child.kill()

    def _run(self) -> None:
        version = self._store.versions.find(self.job.version_id)
        try:
            workflow = prepare(version, self._store.blobs, self._child.files)
        except (OpenYXError, OSError) as error:
            text = f"The workflow could not be laid out: {error.strerror}" if isinstance(error, OSError) else str(error)
            self._hear([Said(kind=Kind.ERROR, text=text), Ended(well=False)])
            return
        self.job = self._queue.start(self.job)
        if self.job.cancel_requested_at:
            self.stop(Stop.CANCELLED)
        log.info("job started", job=self.job.id, attempt=self.job.attempt, child=self._child.pid)
        task = Task(
            job=self.job.id, workflow=str(workflow), folder=str(self._child.files), answers=dict(self.job.answers)
        )
        self._child.send(task)
        for events in self._child.events():
            self._hear(events)
            if self._ended:
                return

    def _hear(self, events: list[Event]) -> None:
        messages: list[Message] = []
        for event in events:
            match event:
                case Said(kind=kind, text=text, tool=tool):
                    messages.append(Message(kind=kind, text=text, tool=tool))
                case Progress(records=records):
                    self._queue.heartbeat(self.job, records=records)
                case Ended():
                    self._ended = event
        if messages:
            self._kinds |= {message.kind for message in messages}
            self._queue.tell(self.job, messages)

    def _record(self) -> None:
        if self._ended is None:
            status = self._child.end()
            job = self._stopped(self._stop) if self._stop else self._died(status)
        else:
            job = self._finish(self._ended)
        log.info("job over", job=job.id, state=job.state, disposition=job.disposition)

    def _stopped(self, reason: Stop) -> Job:
        match reason:
            case Stop.CANCELLED:
                return self._queue.stopped(self.job)
            case Stop.SHUTDOWN:
                return self._queue.hand_back(self.job)
            case Stop.LEASE_LOST:
                raise LeaseLost(f"job {self.job.id} was taken over")

    def _died(self, status: int) -> Job:
        how = "it said what nobody understands" if self._child.garbled else death(status)
        log.warning("child died", job=self.job.id, how=how, last_words=self._child.last_words())
        text = f"The run died: {how}."
        return self._queue.finish(self.job, Disposition.ERROR, messages=[Message(kind=Kind.ERROR, text=text)])

    def _finish(self, ended: Ended) -> Job:
        self._child.kill()
        self._child.end()
        if not ended.well or Kind.ERROR in self._kinds:
            return self._queue.finish(self.job, Disposition.ERROR)
        warned = self._kinds.intersection(_TROUBLE)
        disposition = Disposition.WARNING if warned else Disposition.SUCCESS
        try:
            outputs = [self._kept(product) for product in ended.products]
        except OSError as error:
            text = f"An output could not be kept: {error.strerror} ({error.filename})"
            return self._queue.finish(self.job, Disposition.ERROR, messages=[Message(kind=Kind.ERROR, text=text)])
        return self._queue.finish(self.job, disposition, outputs=outputs)

    def _kept(self, product: Product) -> NewOutput:
        path = Path(product.path)
        inside = path.resolve().is_relative_to(self._child.files.resolve())
        blob = self._store.blobs.adopt(path) if inside else self._store.blobs.copy(path)
        return NewOutput(
            name=product.name,
            formats=product.formats,
            digest=blob.digest,
            size=blob.size,
            records=product.records,
            kind=OutputKind(product.kind),
            tool=product.tool,
        )
