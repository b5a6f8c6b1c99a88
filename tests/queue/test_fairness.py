"""A workflow with a limit never runs more often than that at once, and its jobs keep no slot from those of others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from openyx.queue import Order, Queue
from openyx.store import Disposition, Published, State, Store
from tests.queue.test_many import go, spawn, together

Publish = Callable[..., Published]

CLAIM_AND_FINISH = """
from openyx.store import Disposition
idle = 0
while idle < 200:
    job = queue.claim(sys.argv[2])
    idle = 0 if job else idle + 1
    if job:
        held = store.turns.running(job.workflow_id)
        queue.finish(queue.start(job), Disposition.SUCCESS)
        print(f"{job.id}:{job.workflow_id}:{held}")
"""


def order(published: Published) -> Order:
    return Order(workflow_id=published.workflow.id, user_id=published.workflow.owner_id, answers={})


def limited(store: Store, publish: Publish, at_once: int) -> Published:
    made = publish()
    store.workflows.change(replace(made.workflow, at_once=at_once))
    return made


def enqueue(store: Store, queue: Queue, published: Published, count: int) -> list[str]:
    with store.transaction():
        return [queue.enqueue(order(published)).id for _ in range(count)]


def test_of_many_threads_that_claim_no_more_than_may_hold_jobs_of_a_workflow(
    queue: Queue, store: Store, publish: Publish
) -> None:
    two, free = limited(store, publish, 2), publish()
    jobs = enqueue(store, queue, two, 30) + enqueue(store, queue, free, 30)
    held, most, lock = Counter[str](), Counter[str](), threading.Lock()
    done: list[str] = []

    def work(number: int) -> None:
        while len(done) < len(jobs):
            if job := queue.claim(f"w{number}"):
                with lock:
                    held[job.workflow_id] += 1
                    most[job.workflow_id] = max(most[job.workflow_id], held[job.workflow_id])
                started = queue.start(job)
                with lock:
                    held[job.workflow_id] -= 1
                queue.finish(started, Disposition.SUCCESS)
                done.append(job.id)

    together(8, work)
    assert sorted(done) == sorted(jobs)
    assert most[two.workflow.id] <= 2


def test_of_many_processes_that_claim_no_more_than_may_hold_jobs_of_a_workflow(
    folder: Path, queue: Queue, store: Store, publish: Publish
) -> None:
    one, three = limited(store, publish, 1), limited(store, publish, 3)
    jobs = enqueue(store, queue, one, 20) + enqueue(store, queue, three, 20)
    ended = go([spawn(CLAIM_AND_FINISH, str(folder), f"w{number}") for number in range(4)])
    lines = [line.split(":") for out in ended for line in out]
    assert sorted(job for job, _, _ in lines) == sorted(jobs)
    for workflow, most in ((one, 1), (three, 3)):
        assert max(int(held) for _, of, held in lines if of == workflow.workflow.id) <= most
    assert all(store.jobs.find(job).state is State.FINISHED for job in jobs)


def test_no_slot_idles_for_ten_thousand_jobs_that_must_wait(queue: Queue, store: Store, publish: Publish) -> None:
    one, free = limited(store, publish, 1), publish()
    waiting = enqueue(store, queue, one, 10_000)
    others = enqueue(store, queue, free, 48)
    first = queue.claim("first")
    assert first
    assert first.id == waiting[0]
    taken: list[str] = []

    def claim(number: int) -> None:
        # Each slot gets its job by asking once: none is sent away while there is one for it.
        for _ in range(6):
            job = queue.claim(f"w{number}")
            assert job
            taken.append(job.id)

    together(8, claim)
    assert sorted(taken) == sorted(others)
    assert queue.claim("late") is None
    queue.finish(queue.start(first), Disposition.SUCCESS)
    following = queue.claim("late")
    assert following
    assert following.id == waiting[1]
