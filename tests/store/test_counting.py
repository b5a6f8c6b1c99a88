"""The number of jobs in a list stays right however it is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from openyx.queue import Order, Queue
from openyx.store import Disposition, JobQuery, Published, State, Store
from openyx.store.retention import Keep

Publish = Callable[..., Published]
Advance = Callable[..., None]


def enqueue(store: Store, workflow: Published, times: int) -> None:
    order = Order(workflow_id=workflow.workflow.id, user_id=workflow.workflow.owner_id, answers={})
    for _ in range(times):
        Queue(store).enqueue(order)


def finish_all(store: Store) -> None:
    queue = Queue(store)
    while job := queue.claim("w"):
        queue.finish(queue.start(job), Disposition.SUCCESS)


def test_jobs_that_come_later_are_counted_too(store: Store, publish: Publish) -> None:
    a, b = publish("A"), publish("B")
    everything, only_a = JobQuery(), JobQuery(workflow_id=a.workflow.id)
    for _ in range(3):
        enqueue(store, a, 2)
        enqueue(store, b, 1)
        assert store.jobs.count(everything) == len(store.jobs.list(everything))
        assert store.jobs.count(only_a) == len(store.jobs.list(only_a))


def test_jobs_that_are_removed_are_not_counted(store: Store, publish: Publish, advance: Advance) -> None:
    workflow = publish("A")
    enqueue(store, workflow, 5)
    assert store.jobs.count(JobQuery()) == 5
    finish_all(store)
    advance(days=30)
    enqueue(store, workflow, 2)
    assert store.retention.sweep(Keep(jobs=timedelta(days=7))).jobs == 5
    assert store.jobs.count(JobQuery()) == 2
    enqueue(store, workflow, 1)
    assert store.jobs.count(JobQuery()) == 3


@pytest.mark.parametrize(("state", "waiting", "ended"), [(State.QUEUED, 4, 0), (State.FINISHED, 0, 4)])
def test_a_state_is_counted_as_it_is_now(
    store: Store, publish: Publish, state: State, waiting: int, ended: int
) -> None:
    asked = JobQuery(states=(state,))
    enqueue(store, publish("A"), 4)
    assert store.jobs.count(asked) == waiting
    finish_all(store)
    assert store.jobs.count(asked) == ended


@pytest.mark.sqlite
def test_what_was_counted_is_not_looked_at_again(store: Store, publish: Publish) -> None:
    enqueue(store, publish("A"), 3)
    assert store.jobs.count(JobQuery()) == 3
    # Behind the back of those who count removals.
    store._database.run("DELETE FROM jobs", {})
    assert store.jobs.count(JobQuery()) == 3
