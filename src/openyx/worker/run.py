"""One job from its claim to its end: laid out, told to a child, listened to, recorded."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial
from pathlib import Path

from openyx.errors import LeaseLost, OpenYXError, StoreUnreachable
from openyx.logs import Events
from openyx.messages import Kind, Message
from openyx.queue import Queue
from openyx.store import Disposition, Job, NewOutput, Store, Version
from openyx.store.room import room
from openyx.worker.account import PASSING, Account
from openyx.worker.guard import Guard
from openyx.worker.keeping import kept
from openyx.worker.limits import Limits, Reach
from openyx.worker.prepare import prepare
from openyx.worker.process import death
from openyx.worker.protocol import Ended, Event, Product, Progress, Ready, Said, Taken, Task
from openyx.worker.warm import Child

log = Events("openyx.worker")

MOST_CHILDREN = 3
"""How many children may die before they have their task, until the job is told that there is none."""
_FILE_TOO_LARGE = getattr(signal, "SIGXFSZ", 0)
_TROUBLE = (Kind.WARNING, Kind.CONVERSION_ERROR, Kind.CONVERSION_LIMIT)


class Stop(Enum):
    """Why a run is stopped before it is over."""

    CANCELLED = auto()
    SHUTDOWN = auto()
    LIMIT = auto()
    LEASE_LOST = auto()


class Run:
    """The run of a claimed job in a warm child.

    ``another`` gives a new child in the place of one that died, ``begun`` is called when one has taken the job up.
    """

    def __init__(
        self,
        job: Job,
        child: Child,
        *,
        store: Store,
        queue: Queue,
        another: Callable[[], Child],
        begun: Callable[[], None],
        limits: Limits,
        reach: Reach,
    ) -> None:
        self._account = Account(job, store=store, queue=queue)
        self._child = child
        self._blobs = store.blobs
        self._another = another
        self._begun = begun
        self._limits = limits
        self._reach = reach
        self._exceeded = ""
        self._kinds: set[Kind] = set()
        self._taken = False
        self.failed_to_begin = False
        self._ended: Ended | None = None
        self._stop: Stop | None = None
        self._lock = threading.Lock()

    @property
    def job(self) -> Job:
        """What is run, as it was when it was claimed or started."""
        return self._account.job

    @property
    def begun(self) -> bool:
        """Whether a child has taken the job up."""
        return self._taken

    def stop(self, reason: Stop) -> None:
        """Kill the child, from whichever thread; the first reason counts."""
        with self._lock:
            self._stop = self._stop or reason
            self._child.kill()
        if reason in (Stop.SHUTDOWN, Stop.LEASE_LOST):
            self._account.hurry()

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
        version = self._account.version()
        workflow = self._laid_out(version)
        if workflow is None:
            return
        self._account.start()
        if self.job.cancel_requested_at:
            self.stop(Stop.CANCELLED)
        log.info("job started", job=self.job.id, attempt=self.job.attempt, child=self._child.pid)
        self._tell(workflow)
        for _ in range(1, MOST_CHILDREN):
            if self._taken or self._stop:
                return
            try:
                self._change_child()
            except OSError as error:
                log.failure("no child can be started", error, job=self.job.id)
                self.stop(Stop.SHUTDOWN)
                return
            if workflow := self._laid_out(version):
                self._tell(workflow)

    def _laid_out(self, version: Version) -> Path | None:
        """The workflow in the child's folder; None when it cannot be, or need not be any more, which ends the run."""
        try:
            return self._account.again(lambda: self._prepared(version))
        except PASSING:  # and no time to wait
            return None
        except (OpenYXError, OSError) as error:
            text = f"The workflow could not be laid out: {error.strerror}" if isinstance(error, OSError) else str(error)
            self._hear([Said(kind=Kind.ERROR, text=text), Ended(well=False)])
            return None

    def _prepared(self, version: Version) -> Path | None:
        if self._stop:
            return None
        with room():
            return prepare(version, self._blobs, self._child.files)

    def _tell(self, workflow: Path) -> None:
        """Give the child its task, and listen until it is over."""
        with Guard(self._child.folder, self._limits, self._exceed) as guard:
            self._child.send(self._task(workflow))
            for events in self._child.events():
                self._hear(events)
                if self._ended:
                    break
            self._taken = self._taken or bool(self._child.garbled)
        if self._ended:
            self._child.silence()
            self._exceeded = guard.too_much

    def _task(self, workflow: Path) -> Task:
        return Task(
            job=self.job.id,
            workflow=str(workflow),
            folder=str(self._child.files),
            answers=dict(self.job.answers),
            readable=tuple(map(str, self._reach.readable)),
            writable=tuple(map(str, self._reach.writable)),
            macros=tuple(map(str, self._reach.macros)),
            largest=self._limits.output,
        )

    def _exceed(self, what: str) -> None:
        self._exceeded = what
        self.stop(Stop.LIMIT)

    def _change_child(self) -> None:
        """Another child for one that died before it had its task: it has done nothing that would be done twice."""
        how, last_words = death(self._child.end()), self._child.last_words()
        log.warning("child died before its task", job=self.job.id, how=how, last_words=last_words)
        child = self._another()
        with self._lock:
            self._child = child
            if self._stop:
                child.kill()

    def _hear(self, events: list[Event]) -> None:
        if not self._taken:
            self._taken = True
            self._begun()
        messages: list[Message] = []
        for event in events:
            match event:
                case Ready() | Taken():
                    pass
                case Said(kind=kind, text=text, tool=tool):
                    messages.append(Message(kind=kind, text=text, tool=tool))
                case Progress(records=records):
                    self._account.count(records)
                case Ended():
                    self._ended = event
        if messages:
            self._kinds |= {message.kind for message in messages}
            self._account.tell(messages)

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
                return self._account.stopped()
            case Stop.LIMIT:
                return self._over(self._exceeded)
            case Stop.SHUTDOWN:
                return self._account.hand_back(begun=self._taken)
            case Stop.LEASE_LOST:
                raise LeaseLost(f"job {self.job.id} was taken over")

    def _died(self, status: int) -> Job:
        if self._limits.output is not None and -status == _FILE_TOO_LARGE:
            return self._over(self._limits.too_much)
        how = "it said what nobody understands" if self._child.garbled else death(status)
        log.warning("child died", job=self.job.id, how=how, last_words=self._child.last_words())
        if not self._taken:
            self.failed_to_begin = True
            return self._over(f"The run could not begin: {MOST_CHILDREN} processes died as they started; {how}.")
        return self._over(f"The run died: {how}.")

    def _finish(self, ended: Ended) -> Job:
        self._child.silence()
        if self._exceeded:
            return self._over(self._exceeded)
        if not ended.well or Kind.ERROR in self._kinds:
            return self._over()
        warned = self._kinds.intersection(_TROUBLE)
        disposition = Disposition.WARNING if warned else Disposition.SUCCESS
        try:
            outputs = self._kept(ended.products)
        except StoreUnreachable:  # and no time to wait
            return self._stopped(Stop.LEASE_LOST if self._stop is Stop.LEASE_LOST else Stop.SHUTDOWN)
        except OpenYXError as error:
            return self._over(f"An output could not be kept: {error.message}")
        except OSError as error:
            return self._over(f"An output could not be kept: {error.strerror} ({Path(error.filename or '').name})")
        return self._stopped(Stop.CANCELLED) if outputs is None else self._account.finish(disposition, outputs=outputs)

    def _kept(self, products: Sequence[Product]) -> list[NewOutput] | None:
        """Products as outputs, as soon as their place answers; None when the job is cancelled before it does.

        What does not pass, as that a disk is full, is raised at once.
        """

        def keep(product: Product) -> NewOutput | None:
            try:
                return kept(product, self._blobs, own=self._child.files, reach=self._reach)
            except StoreUnreachable:
                if self._stop is Stop.CANCELLED:
                    return None
                raise

        outputs: list[NewOutput] = []
        for product in products:
            output = self._account.again(partial(keep, product), passing=(StoreUnreachable,))
            if output is None:
                return None
            outputs.append(output)
        return outputs

    def _over(self, *errors: str) -> Job:
        """The job is over, and was no success."""
        messages = [Message(kind=Kind.ERROR, text=text) for text in errors]
        return self._account.finish(Disposition.ERROR, messages=messages)
