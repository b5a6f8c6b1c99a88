from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest

from openyx.errors import AskedWrongly, Conflict, LeaseLost, NotAllowed, NotFound
from openyx.messages import Kind, Message
from openyx.queue import Order, Queue
from openyx.store import (
    Disposition,
    Ending,
    Job,
    KeyKind,
    NewOutput,
    NewVersion,
    PackageType,
    Priority,
    Published,
    Role,
    Sight,
    State,
    Store,
)
from tests.clock import Clock

Advance = Callable[..., None]
Publish = Callable[..., Published]
OUTPUT = NewOutput(name="a.csv", formats=("Raw", "Csv"), digest="0" * 64, size=3)


def claimed(queue: Queue, worker: str = "w1") -> Job:
    job = queue.claim(worker)
    assert job
    return job


def recovered(queue: Queue, advance: Advance, *, seconds: float = 30) -> list[Job]:
    """What is recovered when nobody is heard of for so long."""
    assert queue.recover() == []
    advance(seconds=seconds)
    return queue.recover()


def texts(store: Store, job: Job) -> list[str]:
    return [message.text for message in store.messages.of(job.id)]


def test_an_order_becomes_a_waiting_job(queue: Queue, store: Store, order: Order) -> None:
    job = queue.enqueue(order)
    assert job == store.jobs.find(job.id)
    assert (job.state, job.disposition, job.attempt) == (State.QUEUED, Disposition.NONE, 0)
    assert job.version_id == store.workflows.find(order.workflow_id).version.id
    assert job.answers == {"Region": "East"}
    assert job.created_at == job.queued_at == store.clock()


def test_default_priority_is_low(queue: Queue, order: Order) -> None:
    assert queue.enqueue(order).priority is Priority.LOW
    assert queue.enqueue(replace(order, priority=Priority.CRITICAL)).priority is Priority.CRITICAL


def test_what_may_not_run_is_refused(queue: Queue, order: Order, publish: Publish) -> None:
    with pytest.raises(NotFound, match="Workflow nothing"):
        queue.enqueue(replace(order, workflow_id="nothing"))
    with pytest.raises(NotFound, match="Version nothing"):
        queue.enqueue(replace(order, version_id="nothing"))
    with pytest.raises(NotAllowed):
        queue.enqueue(replace(order, workflow_id=publish(run_disabled=True).workflow.id))
    with pytest.raises(AskedWrongly, match="macro"):
        queue.enqueue(replace(order, workflow_id=publish(package_type=PackageType.MACRO).workflow.id))


def test_a_workflow_out_of_sight_is_not_found(queue: Queue, store: Store, order: Order) -> None:
    ann = store.users.create("ann@example.com", first_name="Ann", last_name="E", role=Role.ARTISAN)
    sight = Sight.of(store.keys.create(KeyKind.STUDIO, user_id=ann.id).key, ann)
    with pytest.raises(NotFound):
        queue.enqueue(order, sight=sight)


def test_the_same_idempotency_key_gives_the_same_job(queue: Queue, store: Store, order: Order) -> None:
    first = queue.enqueue(order, idempotency_key="k")
    assert queue.enqueue(order, idempotency_key="k") == first
    assert queue.enqueue(replace(order, answers=dict(order.answers)), idempotency_key="k") == first
    assert queue.enqueue(order, idempotency_key="l") != first
    assert queue.enqueue(order) != queue.enqueue(order)


def test_the_same_key_gives_the_same_job_when_it_is_over(queue: Queue, order: Order) -> None:
    first = queue.enqueue(order, idempotency_key="k")
    queue.finish(queue.start(claimed(queue)), Disposition.SUCCESS)
    again = queue.enqueue(order, idempotency_key="k")
    assert (again.id, again.state) == (first.id, State.FINISHED)


@pytest.mark.parametrize("change", [{"answers": {"Region": "West"}}, {"priority": Priority.HIGH}, {"worker_tag": "x"}])
def test_the_same_key_with_another_order_is_a_conflict(queue: Queue, order: Order, change: dict[str, object]) -> None:
    first = queue.enqueue(order, idempotency_key="k")
    with pytest.raises(Conflict, match=first.id):
        queue.enqueue(replace(order, **change), idempotency_key="k")  # type: ignore[arg-type] # whatever a test says


def test_a_key_is_a_users_own(queue: Queue, store: Store, order: Order) -> None:
    ann = store.users.create("ann@example.com", first_name="Ann", last_name="E", role=Role.ARTISAN)
    first = queue.enqueue(order, idempotency_key="k")
    assert queue.enqueue(replace(order, user_id=ann.id), idempotency_key="k").id != first.id


def test_a_key_is_forgotten_after_a_day(queue: Queue, store: Store, order: Order, advance: Advance) -> None:
    first = queue.enqueue(order, idempotency_key="k")
    advance(hours=23, minutes=59, seconds=59)
    assert queue.enqueue(order, idempotency_key="k") == first
    advance(seconds=1)
    second = queue.enqueue(replace(order, answers={}), idempotency_key="k")
    assert second.id != first.id
    assert store.jobs.find(first.id)


def test_a_new_version_does_not_make_a_repeated_order_another(queue: Queue, store: Store, order: Order) -> None:
    first = queue.enqueue(order, idempotency_key="k")
    version = store.workflows.find(order.workflow_id).version
    new = NewVersion(file_name="A.yxmd", digest=version.digest, size=1, package_type=PackageType.MODULE, name="A")
    store.workflows.add_version(order.workflow_id, new, by=order.user_id)
    assert queue.enqueue(order, idempotency_key="k").id == first.id
    assert queue.enqueue(order).version_id != first.version_id


def test_a_claim_takes_a_job_for_the_time_of_a_lease(queue: Queue, store: Store, order: Order) -> None:
    waiting = queue.enqueue(order)
    job = claimed(queue)
    assert (job.id, job.state, job.worker, job.attempt) == (waiting.id, State.CLAIMED, "w1", 1)
    assert job.lease_until == store.clock() + queue.lease
    assert queue.claim("w2") is None


def test_a_lease_counts_from_the_claim_and_not_from_the_wait_for_it(
    queue: Queue, store: Store, order: Order, advance: Advance, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.enqueue(order)
    begin = store.transaction

    def after_a_long_wait() -> AbstractContextManager[None]:
        advance(minutes=1)
        return begin()

    monkeypatch.setattr(store, "transaction", after_a_long_wait)
    assert claimed(queue).lease_until == store.clock() + queue.lease


def test_urgent_jobs_go_first_then_old_ones(queue: Queue, order: Order) -> None:
    ids = [
        queue.enqueue(replace(order, priority=priority)).id
        for priority in (Priority.DEFAULT, Priority.HIGH, Priority.LOW, Priority.HIGH)
    ]
    assert [claimed(queue).id for _ in ids] == [ids[1], ids[3], ids[0], ids[2]]


def test_a_run_from_start_to_finish(queue: Queue, store: Store, order: Order, advance: Advance) -> None:
    queue.enqueue(order)
    advance(seconds=1)
    job = queue.start(claimed(queue))
    assert (job.state, job.started_at) == (State.RUNNING, store.clock())
    queue.tell(job, [Message(kind=Kind.INFO, text="one", tool=7)])
    assert queue.heartbeat(job, records=5).records == 5
    assert queue.heartbeat(job).records == 5
    advance(seconds=1)
    over = queue.finish(job, Disposition.WARNING, messages=[Message(kind=Kind.WARNING, text="two")], outputs=[OUTPUT])
    assert over == store.jobs.find(job.id)
    assert (over.state, over.disposition, over.finished_at) == (State.FINISHED, Disposition.WARNING, store.clock())
    assert texts(store, over) == ["one", "two"]
    assert [output.name for output in store.outputs.of(job.id)] == ["a.csv"]
    assert store.workflows.find(order.workflow_id).workflow.run_count == 1
    (attempt,) = store.attempts.of(job.id)
    assert (attempt.worker, attempt.ending, attempt.ended_at) == ("w1", Ending.FINISHED, store.clock())


def test_a_heartbeat_holds_a_job_for_another_lease(queue: Queue, store: Store, order: Order, advance: Advance) -> None:
    queue.enqueue(order)
    job = queue.start(claimed(queue))
    advance(seconds=29)
    assert queue.heartbeat(job).lease_until == store.clock() + queue.lease
    assert recovered(queue, advance, seconds=29) == []
    advance(seconds=1)
    assert [lost.id for lost in queue.recover()] == [job.id]


def test_a_clock_that_is_set_takes_no_job_from_its_worker(store: Store, order: Order, clock: Clock) -> None:
    passed = [0.0]
    queue = Queue(store, lease=timedelta(seconds=30), stopwatch=lambda: passed[0])
    queue.enqueue(order)
    job = queue.start(claimed(queue))
    for hours in (1, -1, -1, 1):
        clock.advance(hours=hours)
        assert queue.recover() == []
        passed[0] += 29
        assert queue.recover() == []
        job = queue.heartbeat(job)
    clock.advance(hours=-1)
    assert queue.recover() == []
    passed[0] += 30
    assert [lost.id for lost in queue.recover()] == [job.id]


def test_a_silent_workers_job_waits_again_and_the_record_says_so(
    queue: Queue, store: Store, order: Order, advance: Advance
) -> None:
    job = queue.enqueue(order)
    first = queue.start(claimed(queue))
    queue.tell(first, [Message(kind=Kind.ERROR, text="half of it")])
    (lost,) = recovered(queue, advance)
    assert (lost.state, lost.worker, lost.lost) == (State.QUEUED, None, 1)
    second = claimed(queue, "w2")
    assert (second.id, second.attempt) == (job.id, 2)
    assert [(a.number, a.worker, a.ending) for a in store.attempts.of(job.id)] == [
        (1, "w1", Ending.LOST),
        (2, "w2", None),
    ]
    assert texts(store, job) == ["The worker that ran this job vanished; this is attempt 2."]


def test_the_worker_that_lost_its_job_can_do_nothing_to_it(
    queue: Queue, store: Store, order: Order, advance: Advance
) -> None:
    queue.enqueue(order)
    first = queue.start(claimed(queue))
    recovered(queue, advance)
    second = queue.start(claimed(queue, "w1"))
    late: list[Callable[[], object]] = [
        lambda: queue.heartbeat(first),
        lambda: queue.tell(first, [Message(kind=Kind.INFO, text="late")]),
        lambda: queue.finish(first, Disposition.SUCCESS, outputs=[OUTPUT]),
        lambda: queue.hand_back(first),
        lambda: queue.stopped(first),
        lambda: queue.start(first),
    ]
    for report in late:
        with pytest.raises(LeaseLost):
            report()
    assert store.jobs.find(first.id) == second
    assert store.outputs.of(first.id) == []
    assert "late" not in texts(store, first)


def test_a_late_worker_keeps_its_job_while_nobody_took_it(queue: Queue, order: Order, advance: Advance) -> None:
    queue.enqueue(order)
    job = queue.start(claimed(queue))
    assert queue.recover() == []
    advance(minutes=5)
    assert queue.heartbeat(job).state is State.RUNNING
    assert queue.recover() == []


def test_a_job_that_must_not_run_again_is_given_up_when_its_worker_vanishes(
    queue: Queue, store: Store, order: Order, advance: Advance
) -> None:
    workflow = store.workflows.find(order.workflow_id).workflow
    store.workflows.change(replace(workflow, most_attempts=1))
    job = queue.enqueue(order)
    queue.start(claimed(queue))
    (lost,) = recovered(queue, advance)
    assert (lost.id, lost.state, lost.disposition) == (job.id, State.GIVEN_UP, Disposition.ERROR)
    assert queue.claim("w2") is None


def test_no_more_jobs_of_a_workflow_run_at_once_than_may(queue: Queue, store: Store, publish: Publish) -> None:
    limited, free = publish().workflow, publish().workflow
    store.workflows.change(replace(limited, at_once=2))
    orders = [Order(workflow_id=each.id, user_id=each.owner_id, answers={}) for each in (limited, free)]
    waiting = [queue.enqueue(orders[0]) for _ in range(3)] + [queue.enqueue(orders[1])]
    taken = [claimed(queue) for _ in range(3)]
    assert [job.id for job in taken] == [waiting[place].id for place in (0, 1, 3)]
    assert queue.claim("w1") is None
    queue.finish(queue.start(taken[0]), Disposition.SUCCESS)
    assert claimed(queue).id == waiting[2].id


def test_a_job_that_kills_its_workers_is_given_up(queue: Queue, store: Store, order: Order, advance: Advance) -> None:
    job = queue.enqueue(order)
    for _ in range(3):
        queue.start(claimed(queue))
        recovered(queue, advance)
    over = store.jobs.find(job.id)
    assert (over.state, over.disposition, over.lost) == (State.GIVEN_UP, Disposition.ERROR, 3)
    assert texts(store, job)[-1] == "The worker that ran this job vanished, 3 times in all; it is given up."
    assert queue.claim("w") is None
    assert len(store.attempts.of(job.id)) == 3


def test_a_job_that_is_handed_back_keeps_its_place_and_loses_nothing(queue: Queue, store: Store, order: Order) -> None:
    first, _ = queue.enqueue(order), queue.enqueue(order)
    back = queue.hand_back(queue.start(claimed(queue)))
    assert (back.state, back.lost, back.worker) == (State.QUEUED, 0, None)
    again = claimed(queue)
    assert (again.id, again.attempt) == (first.id, 2)
    assert [attempt.ending for attempt in store.attempts.of(first.id)] == [Ending.HANDED_BACK, None]


@pytest.mark.parametrize(
    ("most_attempts", "begun", "state"),
    [(1, True, State.GIVEN_UP), (1, False, State.QUEUED), (2, True, State.QUEUED)],
)
def test_a_job_that_has_begun_and_may_not_begin_twice_is_not_handed_back(
    queue: Queue, store: Store, order: Order, most_attempts: int, begun: bool, state: State
) -> None:
    workflow = store.workflows.find(order.workflow_id).workflow
    store.workflows.change(replace(workflow, most_attempts=most_attempts))
    queue.enqueue(order)
    back = queue.hand_back(queue.start(claimed(queue)), begun=begun)
    assert (back.state, back.lost) == (state, 0)
    assert [attempt.ending for attempt in store.attempts.of(back.id)] == [Ending.HANDED_BACK]
    assert any("must not begin twice" in text for text in texts(store, back)) == (state is State.GIVEN_UP)


def test_a_waiting_job_is_cancelled_at_once(queue: Queue, store: Store, order: Order) -> None:
    job = queue.cancel(queue.enqueue(order).id, by=store.users.owner())
    assert (job.state, job.disposition, job.finished_at) == (State.CANCELLED, Disposition.ERROR, store.clock())
    assert texts(store, job) == ["cancelled by owner@localhost"]
    assert queue.claim("w") is None


def test_a_running_job_is_asked_to_stop_and_then_is_cancelled(queue: Queue, store: Store, order: Order) -> None:
    queue.enqueue(order)
    job = queue.start(claimed(queue))
    owner = store.users.owner()
    asked = queue.cancel(job.id, by=owner)
    assert (asked.state, asked.cancel_requested_by) == (State.RUNNING, owner.id)
    assert queue.heartbeat(job).cancel_requested_at == store.clock()
    over = queue.stopped(job)
    assert (over.state, over.disposition) == (State.CANCELLED, Disposition.ERROR)
    assert texts(store, job) == ["cancelled by owner@localhost"]
    assert [attempt.ending for attempt in store.attempts.of(job.id)] == [Ending.CANCELLED]


def test_a_job_that_ended_first_has_ended(queue: Queue, store: Store, order: Order) -> None:
    queue.enqueue(order)
    job = queue.start(claimed(queue))
    queue.cancel(job.id, by=store.users.owner())
    over = queue.finish(job, Disposition.SUCCESS)
    assert over.state is State.FINISHED
    assert queue.cancel(job.id, by=store.users.owner()) == over


def test_a_cancelled_job_does_not_wait_again(queue: Queue, store: Store, order: Order, advance: Advance) -> None:
    handed, lost = queue.enqueue(order), queue.enqueue(order)
    runs = [queue.start(claimed(queue)) for _ in range(2)]
    for run in runs:
        queue.cancel(run.id, by=store.users.owner())
    assert queue.hand_back(runs[0]).state is State.CANCELLED
    assert [job.state for job in recovered(queue, advance)] == [State.CANCELLED]
    assert texts(store, handed) == texts(store, lost) == ["cancelled by owner@localhost"]


def test_a_job_out_of_sight_cannot_be_cancelled(queue: Queue, store: Store, order: Order) -> None:
    ann = store.users.create("ann@example.com", first_name="Ann", last_name="E", role=Role.ARTISAN)
    sight = Sight.of(store.keys.create(KeyKind.USER, user_id=ann.id).key, ann)
    job = queue.enqueue(order)
    with pytest.raises(NotFound):
        queue.cancel(job.id, by=ann, sight=sight)
    assert store.jobs.find(job.id) == job


def test_outputs_and_end_come_together_or_not_at_all(queue: Queue, store: Store, order: Order) -> None:
    queue.enqueue(order)
    job = queue.start(claimed(queue))
    broken = replace(OUTPUT, digest=None)  # type: ignore[arg-type] # what the table refuses
    with pytest.raises(Exception, match=r"(?i)not.null"):
        queue.finish(job, Disposition.SUCCESS, messages=[Message(kind=Kind.INFO, text="x")], outputs=[OUTPUT, broken])
    assert store.jobs.find(job.id).state is State.RUNNING
    assert store.outputs.of(job.id) == []
    assert texts(store, job) == []
