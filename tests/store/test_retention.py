"""What is older or more than is kept goes; what somebody needs stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from openyx.queue import Order, Queue
from openyx.store import (
    Disposition,
    Job,
    Keep,
    KeyKind,
    NewOutput,
    NewVersion,
    PackageType,
    Published,
    State,
    Store,
    WorkerRecord,
)
from tests.store.ages import age
from tests.stores import path_of

NOTHING = Keep(jobs=timedelta(0), most_jobs=0, outputs=timedelta(0), output_bytes=0, versions=1)
ALL = Keep(jobs=None, most_jobs=None, outputs=None, output_bytes=None, versions=None)

Publish = Callable[..., Published]
Advance = Callable[..., None]


@pytest.fixture
def queue(store: Store) -> Queue:
    return Queue(store)


def ended(store: Store, queue: Queue, workflow: Published, *outputs: bytes) -> Job:
    """A job that has run to its end and left these outputs."""
    job = queue.enqueue(order(workflow))
    held = queue.claim("worker")
    assert held is not None
    assert held.id == job.id
    queue.start(held)
    return queue.finish(held, Disposition.SUCCESS, outputs=[output(store, content) for content in outputs])


def order(workflow: Published, version_id: str | None = None) -> Order:
    owner = workflow.workflow.owner_id
    return Order(workflow_id=workflow.workflow.id, user_id=owner, answers={}, version_id=version_id)


def output(store: Store, content: bytes) -> NewOutput:
    blob = store.blobs.add(content)
    return NewOutput(name="a.csv", formats=("Raw",), digest=blob.digest, size=blob.size)


def another(store: Store, workflow: Published, content: bytes, *, publish: bool = True) -> str:
    """One more version of a workflow; its id."""
    blob = store.blobs.add(content)
    new = NewVersion(file_name="A.yxmd", digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, name="A")
    return store.workflows.add_version(workflow.workflow.id, new, by=workflow.workflow.owner_id, publish=publish).id


def jobs(store: Store) -> list[str]:
    from openyx.store import JobQuery

    return [job.id for job in store.jobs.list(JobQuery())]


def test_a_job_goes_with_all_that_it_said_and_left_once_it_ended_so_long_ago(
    store: Store, queue: Queue, publish: Publish, advance: Advance
) -> None:
    old = ended(store, queue, publish("A"), b"an old output")
    advance(days=300)
    young = ended(store, queue, publish("B"), b"a young output")
    advance(days=66)
    age(store)
    swept = store.retention.sweep(Keep(outputs=None))
    assert (swept.jobs, swept.blobs, swept.bytes) == (1, 1, len(b"an old output"))
    assert jobs(store) == [young.id]
    assert (store.attempts.of(old.id), store.messages.of(old.id), store.outputs.of(old.id)) == ([], [], [])
    assert path_of(store.blobs, store.outputs.of(young.id)[0].digest).read_bytes() == b"a young output"


def test_outputs_go_before_their_job(store: Store, queue: Queue, publish: Publish, advance: Advance) -> None:
    job = ended(store, queue, publish("A"), b"one", b"two")
    advance(days=91)
    age(store)
    assert store.retention.sweep(Keep()).outputs == 1
    assert (jobs(store), store.outputs.of(job.id)) == ([job.id], [])
    assert store.references.on("00") == {}
    assert not store.retention.sweep(Keep())


def test_the_oldest_outputs_go_when_all_together_hold_too_much(
    store: Store, queue: Queue, publish: Publish, advance: Advance
) -> None:
    workflow = publish("A")
    kept: list[Job] = []
    for content in (b"x" * 60, b"y" * 30, b"z" * 50):
        kept.append(ended(store, queue, workflow, content[:10], content[10:]))
        advance(minutes=1)
    store.retention.sweep(Keep(output_bytes=80))
    assert [len(store.outputs.of(job.id)) for job in kept] == [0, 2, 2]
    store.retention.sweep(Keep(output_bytes=79))
    assert [len(store.outputs.of(job.id)) for job in kept] == [0, 0, 2]


def test_the_oldest_jobs_go_when_there_are_too_many(
    store: Store, queue: Queue, publish: Publish, advance: Advance
) -> None:
    workflow = publish("A")
    made = [ended(store, queue, workflow).id for _ in range(5)]
    advance(days=3)
    assert store.retention.sweep(Keep(most_jobs=2)).jobs == 3
    assert jobs(store) == made[3:]


def test_more_go_than_are_looked_up_at_once(
    store: Store, queue: Queue, publish: Publish, advance: Advance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openyx.store.retention._FOUND", 7)
    monkeypatch.setattr("openyx.store.retention._AT_ONCE", 3)
    workflow = publish("A")
    for _ in range(17):
        ended(store, queue, workflow)
    advance(days=400)
    assert store.retention.sweep(Keep()).jobs == 17
    assert jobs(store) == []


@pytest.mark.parametrize("state", [State.QUEUED, State.CLAIMED, State.RUNNING])
def test_a_job_that_is_not_over_stays_and_so_does_the_version_that_it_needs(
    store: Store, queue: Queue, publish: Publish, advance: Advance, state: State
) -> None:
    workflow = publish("A")
    needed = workflow.version.id
    job = queue.enqueue(order(workflow, needed))
    if state is not State.QUEUED:
        held = queue.claim("worker")
        assert held is not None
        if state is State.RUNNING:
            queue.start(held)
    another(store, workflow, b"second")
    another(store, workflow, b"third")
    advance(days=4000)
    age(store)
    store.retention.sweep(NOTHING)
    assert store.jobs.find(job.id).state is state
    assert [each.number for each in store.versions.of(workflow.workflow.id)] == [1, 3]
    assert path_of(store.blobs, workflow.version.digest).read_bytes() == b"A"


def test_the_published_version_stays_however_old_it_is(store: Store, publish: Publish) -> None:
    workflow = publish("A")
    for number in range(5):
        another(store, workflow, b"%d" % number, publish=False)
    age(store)
    assert store.retention.sweep(Keep(versions=2)).versions == 3
    assert [each.number for each in store.versions.of(workflow.workflow.id)] == [1, 5, 6]
    assert path_of(store.blobs, workflow.version.digest).read_bytes() == b"A"


def test_a_number_of_a_version_is_never_given_twice(store: Store, publish: Publish) -> None:
    workflow = publish("A")
    another(store, workflow, b"second")
    store.retention.sweep(NOTHING)
    another(store, workflow, b"third")
    assert [each.number for each in store.versions.of(workflow.workflow.id)] == [2, 3]


def test_a_version_that_a_kept_job_ran_stays(store: Store, queue: Queue, publish: Publish, advance: Advance) -> None:
    workflow = publish("A")
    job = ended(store, queue, workflow)
    another(store, workflow, b"second")
    store.retention.sweep(Keep(versions=1))
    assert store.versions.find(job.version_id).number == 1
    advance(days=366)
    assert store.retention.sweep(Keep(versions=1)).versions == 1


def test_a_repeated_request_finds_its_job_for_a_day_whatever_is_kept(
    store: Store, queue: Queue, publish: Publish, advance: Advance
) -> None:
    workflow = publish("A")
    asked = order(workflow)
    job = queue.enqueue(asked, idempotency_key="once")
    held = queue.claim("worker")
    assert held is not None
    queue.finish(held, Disposition.SUCCESS)
    advance(hours=23, minutes=59)
    store.retention.sweep(NOTHING)
    assert queue.enqueue(asked, idempotency_key="once").id == job.id


def test_without_limits_all_stays(store: Store, queue: Queue, publish: Publish, advance: Advance) -> None:
    workflow = publish("A")
    job = ended(store, queue, workflow, b"output")
    another(store, workflow, b"second")
    advance(days=9999)
    age(store)
    assert not store.retention.sweep(ALL)
    assert len(store.outputs.of(job.id)) == 1


def test_what_an_attempt_that_goes_on_may_have_kept_stays(store: Store, queue: Queue, publish: Publish) -> None:
    """An output is a blob before its job speaks of it, for days where the disk is full."""
    queue.enqueue(order(publish("A")))
    held = queue.claim("worker")
    assert held is not None
    made = output(store, b"an output")
    age(store, until=store.clock() + timedelta(hours=1))  # long ago by the file system's clock
    assert store.retention.sweep(Keep()).blobs == 0
    queue.finish(held, Disposition.SUCCESS, outputs=[made])
    assert store.retention.sweep(Keep()).blobs == 0
    assert path_of(store.blobs, made.digest).read_bytes() == b"an output"


def test_what_was_kept_within_a_day_stays(store: Store) -> None:
    blob = store.blobs.add(b"somebody is about to speak of it")
    assert store.retention.sweep(Keep()).blobs == 0
    age(store, until=datetime.now(UTC) - timedelta(hours=25))
    assert store.retention.sweep(Keep()).blobs == 1
    assert not store.blobs.depot.on(blob.digest[:2])


def test_tokens_that_are_over_old_nonces_and_silent_workers_are_forgotten(store: Store, advance: Advance) -> None:
    store.tokens.issue(store.keys.create(KeyKind.USER).key)
    store.nonces.use("key", "1", "nonce")
    for name in ("dead", "alive"):
        at = store.clock()
        store.workers.beat(WorkerRecord(name=name, host="h", pid=1, slots=1, started_at=at, heartbeat_at=at))
        advance(days=1)
    store.retention.sweep(Keep())
    assert [worker.name for worker in store.workers.list()] == ["alive"]
    for table in ("tokens", "nonces"):
        assert store._database.all(f"SELECT * FROM {table}", {}) == []


def test_a_sweep_that_is_told_to_stop_stops(store: Store, queue: Queue, publish: Publish, advance: Advance) -> None:
    ended(store, queue, publish("A"), b"output")
    advance(days=999)
    age(store)
    assert not store.retention.sweep(Keep(), stop=lambda: True)
    assert len(jobs(store)) == 1
