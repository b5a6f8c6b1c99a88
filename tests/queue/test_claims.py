"""Claims of which nobody knows whether they were kept: each is taken up, or made again, and none is lost."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from openyx.errors import StoreUnreachable
from openyx.queue import Order, Queue
from openyx.store import Contended, Job, State, Store


def cut_off(store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    """A worker claims, and the connection is cut: after the commit, or before it."""
    transaction = store.transaction

    @contextmanager
    def cut() -> Generator[None]:
        with transaction():
            yield
            if not kept:
                raise StoreUnreachable("the connection was cut before the commit")
        raise StoreUnreachable("the connection was cut before the answer")

    with monkeypatch.context() as patched:
        patched.setattr(store, "transaction", cut)
        with pytest.raises(StoreUnreachable):
            queue.claim("w")


def taken(queue: Queue) -> Job:
    job = queue.claim("w")
    assert job
    return job


def test_a_claim_whose_answer_was_lost_is_not_lost(
    store: Store, queue: Queue, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue.enqueue(order)
    cut_off(store, queue, monkeypatch, kept=True)
    assert store.jobs.find(job.id).state is State.CLAIMED
    assert queue.claim("another") is None
    again = taken(queue)
    assert (again.id, again.attempt) == (job.id, 1)
    assert queue.claim("w") is None
    assert len(store.attempts.of(job.id)) == 1


def test_a_claim_that_was_lost_whole_is_made_again(
    store: Store, queue: Queue, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue.enqueue(order)
    cut_off(store, queue, monkeypatch, kept=False)
    assert store.jobs.find(job.id).state is State.QUEUED
    again = taken(queue)
    assert (again.id, again.attempt) == (job.id, 1)


def test_a_claim_in_doubt_is_looked_for_until_somebody_answers(
    store: Store, queue: Queue, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contended(*_: object, **__: object) -> Job:
        raise Contended("somebody else looks at it")

    job = queue.enqueue(order)
    cut_off(store, queue, monkeypatch, kept=True)
    with monkeypatch.context() as patched:
        patched.setattr(store.jobs, "find", contended)
        for _ in range(2):
            with pytest.raises(Contended):
                queue.claim("w")
    assert taken(queue).id == job.id
