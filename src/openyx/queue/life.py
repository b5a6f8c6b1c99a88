"""The life of a job: one table of states and transitions, and what each changes in the record.

The functions are pure: a job in, the moved job out. :mod:`openyx.queue.queue` does each in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum

from openyx.errors import LeaseLost
from openyx.store import Disposition, Job, State


class Who(StrEnum):
    """Who may cause a transition."""

    SERVER = "server"
    HOLDER = "the worker that holds the lease"
    WORKER = "any worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A transition: from one of these states to that one, caused by whom, when."""

    sources: frozenset[State]
    target: State
    who: Who
    when: str


def _step(*sources: State, target: State, who: Who, when: str) -> Step:
    return Step(sources=frozenset(sources), target=target, who=who, when=when)


class Transition(Enum):
    """Every transition that there is."""

    ENQUEUE = _step(State.CREATED, target=State.QUEUED, who=Who.SERVER, when="a run was asked for")
    CLAIM = _step(
        State.QUEUED,
        target=State.CLAIMED,
        who=Who.WORKER,
        when="a slot is free, and its turn has come: priority, then age, if its workflow has room",
    )
    START = _step(State.CLAIMED, target=State.RUNNING, who=Who.HOLDER, when="its child process has the workflow")
    FINISH = _step(State.CLAIMED, State.RUNNING, target=State.FINISHED, who=Who.HOLDER, when="the run is over")
    HAND_BACK = _step(State.CLAIMED, State.RUNNING, target=State.QUEUED, who=Who.HOLDER, when="the worker shuts down")
    RESIGN = _step(
        State.RUNNING,
        target=State.GIVEN_UP,
        who=Who.HOLDER,
        when="the worker shuts down, and its workflow must not begin twice",
    )
    WITHDRAW = _step(State.QUEUED, target=State.CANCELLED, who=Who.SERVER, when="cancelled before its turn")
    STOP = _step(
        State.CLAIMED, State.RUNNING, target=State.CANCELLED, who=Who.HOLDER, when="cancelled, and its child is dead"
    )
    REQUEUE = _step(State.CLAIMED, State.RUNNING, target=State.QUEUED, who=Who.WORKER, when="its lease is over")
    GIVE_UP = _step(
        State.CLAIMED,
        State.RUNNING,
        target=State.GIVEN_UP,
        who=Who.WORKER,
        when="its lease is over, as often as its workflow lets it begin",
    )
    ABANDON = _step(
        State.CLAIMED, State.RUNNING, target=State.CANCELLED, who=Who.WORKER, when="cancelled, and its lease is over"
    )


def claimed(job: Job, *, worker: str, at: datetime, until: datetime) -> Job:
    """A worker has taken the job."""
    return replace(
        _moved(job, Transition.CLAIM),
        worker=worker,
        attempt=job.attempt + 1,
        claimed_at=at,
        lease_until=until,
        started_at=None,
        records=None,
    )


def started(job: Job, *, at: datetime) -> Job:
    """Its run begins."""
    return replace(_moved(job, Transition.START), started_at=at)


def finished(job: Job, disposition: Disposition, *, at: datetime) -> Job:
    """Its run is over, well or not."""
    return _over(_moved(job, Transition.FINISH), disposition, at)


def handed_back(job: Job) -> Job:
    """Its worker could not see it through; it keeps its place in the queue."""
    return _free(_moved(job, Transition.HAND_BACK))


def resigned(job: Job, *, at: datetime) -> Job:
    """Its worker could not see it through, and nobody else may begin it again."""
    return _over(_moved(job, Transition.RESIGN), Disposition.ERROR, at)


def cancelled(job: Job, transition: Transition, *, at: datetime) -> Job:
    """It was cancelled: withdrawn, stopped or abandoned."""
    return _over(_moved(job, transition), Disposition.ERROR, at)


def requeued(job: Job) -> Job:
    """Its worker has vanished; it runs again."""
    return replace(_free(_moved(job, Transition.REQUEUE)), lost=job.lost + 1)


def given_up(job: Job, *, at: datetime) -> Job:
    """Its workers have vanished too often."""
    return replace(_over(_moved(job, Transition.GIVE_UP), Disposition.ERROR, at), lost=job.lost + 1)


def _moved(job: Job, transition: Transition) -> Job:
    step = transition.value
    if job.state not in step.sources:
        raise LeaseLost(f"job {job.id} is {job.state}, it cannot become {step.target} by {transition.name.lower()}")
    return replace(job, state=step.target)


def _free(job: Job) -> Job:
    return replace(job, worker=None, lease_until=None, started_at=None, records=None)


def _over(job: Job, disposition: Disposition, at: datetime) -> Job:
    return replace(job, disposition=disposition, finished_at=at, lease_until=None)
