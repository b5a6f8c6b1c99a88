"""The queue: the jobs table, moved along the life of a job one transaction at a time."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from openyx.errors import LeaseLost, NotFound, StoreUnreachable
from openyx.messages import Kind, Message
from openyx.queue import life
from openyx.queue.enqueuing import enqueued, remembered
from openyx.queue.life import Transition
from openyx.queue.order import Order
from openyx.queue.silence import Silence
from openyx.store import (
    Attempt,
    Disposition,
    Ending,
    Job,
    NewOutput,
    Published,
    Sight,
    State,
    Store,
    User,
)

LEASE = timedelta(seconds=30)
_TRIES = 3


class Queue:
    """The life of jobs; safe to use from any thread and process, its calls block.

    ``lease`` is how long a worker may be silent. Silence is measured by the ``stopwatch`` of who waits for it, in
    seconds: no clock that is set, here or on another host, makes a worker's job seem lost or its death pass unseen.
    """

    def __init__(
        self, store: Store, *, lease: timedelta = LEASE, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self.lease = lease
        self._silence = Silence(lease, stopwatch)
        self._in_doubt = defaultdict[str, deque[Job]](deque)

    def enqueue(self, order: Order, *, idempotency_key: str | None = None, sight: Sight | None = None) -> Job:
        """A job that waits for its turn; it is on disk when this returns.

        The same key of the same user within 24 hours gives the same job, Conflict when the order differs.
        NotFound, also when the workflow is out of sight; NotAllowed when it may not run; AskedWrongly for a macro.
        """

        def work() -> Job:
            before = self.remembered(order, idempotency_key) if idempotency_key else None
            return before or self.enqueued(order, idempotency_key=idempotency_key, sight=sight)

        return self._store.written(work)

    def enqueued(
        self,
        order: Order,
        *,
        idempotency_key: str | None = None,
        sight: Sight | None = None,
        workflow: Published | None = None,
    ) -> Job:
        """A job that waits for its turn, by a key that is not :meth:`remembered`, in the transaction at hand.

        Who has looked at the ``workflow`` in it may give it. Raises what :meth:`enqueue` does, and Contended when the
        same key came by another way at the same time, or the workflow has gone.
        """
        return enqueued(self._store, order, idempotency_key=idempotency_key, sight=sight, workflow=workflow)

    def remembered(self, order: Order, idempotency_key: str) -> Job | None:
        """The job that this order has become already, whatever has changed of its workflow since; Conflict.

        In the transaction at hand: a key that is older than 24 hours is forgotten.
        """
        return remembered(self._store, order, idempotency_key)

    def claim(self, worker: str) -> Job | None:
        """The job whose turn it is, held by this worker until its lease ends; None when nothing waits.

        Before all others comes one that was claimed already, where the answer to that was lost on its way.
        """
        if job := self._claimed_before(worker):
            return job
        for _ in range(_TRIES):
            if self._store.turns.next() is None:  # looking is cheaper than locking
                return None
            if job := self._claimed(worker):
                return job
        return None

    def _claimed(self, worker: str) -> Job | None:
        job: Job | None = None
        try:
            with self._store.transaction():
                waiting = self._store.turns.next(moving=True)
                if waiting is None or not self._has_room(waiting):
                    return None
                now = self._store.clock()  # not before the wait for the lock: the lease would be shorter by it
                job = self._save(life.claimed(waiting, worker=worker, at=now, until=now + self.lease), was=waiting)
                self._store.attempts.insert(Attempt(job_id=job.id, number=job.attempt, worker=worker, claimed_at=now))
        except StoreUnreachable:
            if job:
                self._in_doubt[worker].append(job)
            raise
        return job

    def _claimed_before(self, worker: str) -> Job | None:
        for _ in range(len(self._in_doubt[worker])):
            try:
                job = self._in_doubt[worker].popleft()
            except IndexError:  # another slot has it
                return None
            try:
                return self._held(job)
            except LeaseLost:
                continue
            except BaseException:
                self._in_doubt[worker].append(job)
                raise
        return None

    def start(self, job: Job) -> Job:
        """The run begins, once however often this attempt says so; LeaseLost."""
        now = self._store.clock()
        with self._store.transaction(durable=False):
            held = self._held(job)
            if held.state is State.RUNNING:
                return held
            self._store.attempts.start(job.id, job.attempt, now)
            self._store.workflows.count_run(job.workflow_id)
            return self._save(life.started(held, at=now), was=held)

    def heartbeat(self, job: Job, *, records: int | None = None) -> Job:
        """Hold the job for another lease, and see in ``cancel_requested_at`` whether to stop; LeaseLost."""
        with self._store.transaction(durable=False):
            held = self._held(job)
            until = self._store.clock() + self.lease
            return self._save(
                replace(held, lease_until=until, records=held.records if records is None else records), was=held
            )

    def tell(self, job: Job, messages: Iterable[Message], *, after: int | None = None) -> None:
        """Append what the run says; LeaseLost.

        With the number *after* which the messages come, the same call may be repeated.
        """
        with self._store.transaction(durable=False):
            self._held(job)
            self._store.messages.add(job.id, messages, attempt=job.attempt, at=self._store.clock(), after=after)

    def finish(
        self,
        job: Job,
        disposition: Disposition,
        *,
        messages: Iterable[Message] = (),
        outputs: Iterable[NewOutput] = (),
    ) -> Job:
        """The run is over: its last messages, its outputs and how it ended, all or nothing; LeaseLost.

        A job that somebody cancelled meanwhile, and that ended first, has ended.
        """
        now = self._store.clock()
        with self._store.transaction():
            held = self._held(job)
            self._store.messages.add(job.id, messages, attempt=job.attempt, at=now)
            self._store.outputs.add(job.id, outputs, at=now)
            return self._end(held, life.finished(held, disposition, at=now), Ending.FINISHED)

    def hand_back(self, job: Job, *, begun: bool = False) -> Job:
        """The worker cannot see it through and its child is dead: the job waits again, in its place; LeaseLost.

        A job that has *begun*, and whose workflow must not begin twice, is given up.
        """
        with self._store.transaction():
            held = self._held(job)
            if held.cancel_requested_at:
                return self.stopped(job)
            if begun and self._store.workflows.find(job.workflow_id).workflow.most_attempts == 1:
                text = "The worker that ran this job was stopped; the workflow must not begin twice, it is given up."
                self._note(job, Message(kind=Kind.ERROR, text=text), attempt=job.attempt)
                return self._end(held, life.resigned(held, at=self._store.clock()), Ending.HANDED_BACK)
            return self._end(held, life.handed_back(held), Ending.HANDED_BACK)

    def cancel(self, job_id: str, *, by: User, sight: Sight | None = None) -> Job:
        """End a job: at once while it waits; while it runs its worker is asked to, who kills its child.

        A job that is over stays as it is. NotFound, also when it is out of sight.
        """
        now = self._store.clock()
        with self._store.transaction():
            job = self._store.jobs.find(job_id, sight=sight, moving=True)
            if job.over or job.cancel_requested_at:
                return job
            asked = replace(job, cancel_requested_at=now, cancel_requested_by=by.id)
            if job.state is not State.QUEUED:
                return self._save(asked, was=job)
            self._note(job, self._cancelled_by(asked), attempt=job.attempt)
            return self._save(life.cancelled(asked, Transition.WITHDRAW, at=now), was=job)

    def stopped(self, job: Job) -> Job:
        """The job was cancelled and its child is dead; LeaseLost."""
        now = self._store.clock()
        with self._store.transaction():
            held = self._held(job)
            self._note(held, self._cancelled_by(held), attempt=held.attempt)
            return self._end(held, life.cancelled(held, Transition.STOP, at=now), Ending.CANCELLED)

    def recover(self) -> list[Job]:
        """Take jobs from workers that were silent for a whole lease: they wait again, or are given up.

        Nobody is silent before this queue has listened for so long: it takes two calls, a lease apart.
        """
        silent = {job.id: job.attempt for job in self._silence.among(self._store.turns.leased())}
        if not silent:
            return []
        with self._store.transaction():
            lost = [job for job in self._store.turns.leased(moving=True) if silent.get(job.id) == job.attempt]
            return [self._recovered(job) for job in lost if self._silence.of(job)]

    def _recovered(self, job: Job) -> Job:
        now = self._store.clock()
        if job.cancel_requested_at:
            self._note(job, self._cancelled_by(job), attempt=job.attempt)
            return self._end(job, life.cancelled(job, Transition.ABANDON, at=now), Ending.LOST)
        if job.lost + 1 >= self._store.workflows.find(job.workflow_id).workflow.most_attempts:
            text = f"The worker that ran this job vanished, {job.lost + 1} times in all; it is given up."
            self._note(job, Message(kind=Kind.ERROR, text=text), attempt=job.attempt)
            return self._end(job, life.given_up(job, at=now), Ending.LOST)
        text = f"The worker that ran this job vanished; this is attempt {job.attempt + 1}."
        self._note(job, Message(kind=Kind.INFO, text=text), attempt=job.attempt + 1)
        return self._end(job, life.requeued(job), Ending.LOST)

    def _has_room(self, job: Job) -> bool:
        """Whether fewer jobs of its workflow run than may; who asks is alone with it until the transaction ends."""
        at_once = self._store.workflows.find(job.workflow_id).workflow.at_once
        if at_once is None:
            return True
        self._store.workflows.find(job.workflow_id, changing=True)
        return self._store.turns.running(job.workflow_id) < at_once

    def _held(self, job: Job) -> Job:
        """The job as it stands, provided that this attempt still holds it."""
        try:
            current = self._store.jobs.find(job.id, moving=True)
        except NotFound as error:
            raise LeaseLost(f"job {job.id} is gone") from error
        held = current.state in (State.CLAIMED, State.RUNNING)
        if not held or (current.worker, current.attempt) != (job.worker, job.attempt):
            raise LeaseLost(f"job {job.id} is no longer held by {job.worker} in attempt {job.attempt}")
        return current

    def _end(self, was: Job, job: Job, ending: Ending) -> Job:
        self._store.attempts.end(job.id, job.attempt, ending, self._store.clock())
        return self._save(job, was=was)

    def _save(self, job: Job, *, was: Job) -> Job:
        if not self._store.jobs.save(job, was=was):
            raise LeaseLost(f"job {job.id} has moved meanwhile")
        return job

    def _note(self, job: Job, message: Message, *, attempt: int) -> None:
        self._store.messages.add(job.id, [message], attempt=attempt, at=self._store.clock())

    def _cancelled_by(self, job: Job) -> Message:
        by = self._store.users.find(job.cancel_requested_by).email if job.cancel_requested_by else "nobody"
        return Message(kind=Kind.ERROR, text=f"cancelled by {by}")
