"""A database that is away, held or fought for while a job runs does not lose the run, nor tells twice of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, TypeVar

import pytest

import openyx.worker.account
from openyx.errors import DiskFull, StoreUnreachable
from openyx.messages import Kind, Message
from openyx.queue import Queue
from openyx.store import Contended, Disposition, Ending, Job, State, Store, Version
from openyx.worker.account import Account
from openyx.worker.worker import Worker

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., AbstractContextManager[Worker]]
T = TypeVar("T")

AWAY = StoreUnreachable("The gallery's database cannot be reached.")
FOUGHT_FOR = Contended("deadlock detected")
OFTEN = 3


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openyx.worker.account, "_PAUSE", 0.01)


class Outages:
    """The first calls of each kind fail: before they have done anything, or after, when only their answer is lost."""

    def __init__(self, error: Exception, *, done: bool) -> None:
        self.failed: Counter[str] = Counter()
        self._error = error
        self._done = done

    def met(self, name: str, call: Callable[[], T]) -> T:
        if self.failed[name] == OFTEN:
            return call()
        self.failed[name] += 1
        if self._done:
            call()
        raise self._error


class Shaken(Queue):
    """A queue whose database has outages."""

    outages: Outages

    def start(self, *given: Any, **named: Any) -> Job:
        begin = super().start
        return self.outages.met("start", lambda: begin(*given, **named))

    def tell(self, *given: Any, **named: Any) -> None:
        add = super().tell
        self.outages.met("tell", lambda: add(*given, **named))

    def finish(self, *given: Any, **named: Any) -> Job:
        end = super().finish
        return self.outages.met("finish", lambda: end(*given, **named))


def shaken(store: Store, outages: Outages) -> Queue:
    queue = Shaken(store)
    queue.outages = outages
    return queue


def texts(store: Store, job: Job) -> list[str]:
    return [message.text for message in store.messages.of(job.id)]


def account(store: Store, start: Start) -> Account:
    start("succeed")
    queue = Queue(store)
    job = queue.claim("a worker")
    assert job
    return Account(job, store=store, queue=queue)


@pytest.mark.parametrize("done", [False, True], ids=["nothing was done", "the answer was lost"])
@pytest.mark.parametrize("error", [AWAY, FOUGHT_FOR], ids=["away", "fought for"])
def test_a_job_that_may_begin_once_survives_outages_at_each_of_its_steps(
    store: Store,
    start: Start,
    until: Until,
    working: Working,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    done: bool,
) -> None:
    outages, find = Outages(error, done=done), store.versions.find
    job = start("succeed")
    store.workflows.change(replace(store.workflows.find(job.workflow_id).workflow, most_attempts=1))

    def found(*given: Any, **named: Any) -> Version:
        return outages.met("version", lambda: find(*given, **named))

    monkeypatch.setattr(store.versions, "find", found)
    with working(queue=shaken(store, outages), grace=60.0):
        over = until(job.id, lambda job: job.over)
    # What has ended a job ends it once: the second try learns that it is over.
    assert outages.failed == {"version": OFTEN, "start": OFTEN, "tell": OFTEN, "finish": 2 if done else OFTEN}
    assert (over.state, over.disposition, over.attempt, over.lost) == (State.FINISHED, Disposition.SUCCESS, 1, 0)
    assert (texts(store, job), len(store.outputs.of(job.id))) == (["one", "two"], 2)
    assert [attempt.ending for attempt in store.attempts.of(job.id)] == [Ending.FINISHED]
    assert store.workflows.find(job.workflow_id).workflow.run_count == 1


def test_an_outage_is_logged_once_with_its_end(store: Store, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    errors: list[Exception] = [DiskFull("The disk is full."), AWAY, FOUGHT_FOR]

    def hindered() -> str:
        if errors:
            raise errors.pop(0)
        return "done"

    assert account(store, start).again(hindered) == "done"
    told = [record for record in caplog.records if record.message.startswith("a run waits")]
    assert [record.message for record in told] == ["a run waits for the gallery", "a run waits no longer"]
    assert told[0].__dict__["fields"]["why"] == "The disk is full."


def test_who_has_no_time_waits_for_nothing(store: Store, start: Start) -> None:
    def away() -> None:
        raise AWAY

    hurried = account(store, start)
    hurried.hurry()
    with pytest.raises(StoreUnreachable):
        hurried.again(away)


def test_what_does_not_pass_is_not_waited_for(store: Store, start: Start) -> None:
    def wrong() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        account(store, start).again(wrong)


def test_a_second_attempt_tells_what_the_first_one_told(store: Store, start: Start) -> None:
    first = account(store, start)
    first.tell([Message(kind=Kind.INFO, text=text) for text in ("one", "two")])
    first.hand_back(begun=True)
    queue = Queue(store)
    job = queue.claim("another worker")
    assert job
    second = Account(job, store=store, queue=queue)
    for text in ("one", "two", "three"):
        second.tell([Message(kind=Kind.INFO, text=text)])
    assert texts(store, job) == ["one", "two", "three"]
