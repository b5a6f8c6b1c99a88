from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from openyx.errors import NotFound
from openyx.messages import Kind, Message
from openyx.store import (
    Disposition,
    Job,
    JobQuery,
    JobSort,
    KeyKind,
    NewOutput,
    Origin,
    Priority,
    Published,
    Role,
    Sight,
    State,
    Store,
)
from openyx.store.turns import SQL

Publish = Callable[..., Published]


def at(hour: int) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=UTC)


def put(store: Store, name: str, workflow: Published, **said: object) -> Job:
    usual = {
        "user_id": workflow.workflow.owner_id,
        "origin": Origin.USER,
        "answers": {"b": "1", "a": "2"},
        "priority": Priority.LOW,
        "state": State.QUEUED,
        "created_at": at(1),
        "queued_at": at(1),
    }
    ids = {"id": name * 24, "workflow_id": workflow.workflow.id, "version_id": workflow.version.id}
    job = Job(**usual | ids | said)  # type: ignore[arg-type] # whatever a test says
    store.jobs.insert(job)
    return job


def ids(store: Store, sight: Sight | None = None, **asked: object) -> str:
    query = JobQuery(**asked)  # type: ignore[arg-type] # whatever a test asks
    found = store.jobs.list(query, sight=sight)
    if "limit" not in asked and "offset" not in asked:
        assert store.jobs.count(query, sight=sight) == len(found)
    return "".join(job.id[0] for job in found)


@pytest.fixture
def three(store: Store, publish: Publish) -> tuple[Job, Job, Job]:
    beta, alpha = publish("Beta"), publish("alpha")
    over = {"state": State.FINISHED, "disposition": Disposition.SUCCESS}
    return (
        put(store, "a", beta, created_at=at(3), priority=Priority.HIGH, finished_at=at(5), **over),
        put(store, "b", alpha, created_at=at(1), origin=Origin.SUBSCRIPTION, state=State.RUNNING),
        put(store, "c", beta, created_at=at(2), priority=Priority.CRITICAL, finished_at=at(4), **over),
    )


def test_a_job_comes_back_whole(store: Store, three: tuple[Job, Job, Job]) -> None:
    found = store.jobs.find("a" * 24)
    assert found == three[0]
    assert list(found.answers.items()) == [("b", "1"), ("a", "2")]
    with pytest.raises(NotFound, match="Job d was not found"):
        store.jobs.find("d")


@pytest.mark.usefixtures("three")
def test_lists_are_filtered(store: Store) -> None:
    beta = store.jobs.find("a" * 24).workflow_id
    assert ids(store) == "abc"
    assert ids(store, workflow_id=beta) == "ac"
    assert ids(store, origin=Origin.SUBSCRIPTION) == "b"
    assert ids(store, states=(State.RUNNING, State.QUEUED)) == "b"
    assert ids(store, dispositions=(Disposition.SUCCESS,)) == "ac"
    assert ids(store, priorities=(Priority.HIGH, Priority.LOW)) == "ab"
    assert ids(store, workflow_names=("alpha", "none")) == "b"
    assert ids(store, user_ids=("nobody",)) == ""
    assert ids(store, completed_after=at(4), completed_before=at(5)) == "c"
    assert ids(store, workflow_id=beta, priorities=(Priority.CRITICAL,)) == "c"


@pytest.mark.parametrize(
    ("sort", "expected", "last"),
    [
        (JobSort.CREATE_DATE, "bca", "a"),
        (JobSort.APP_NAME, "bac", "a"),
        (JobSort.COMPLETION, "bca", "a"),
        (JobSort.PRIORITY, "bac", "c"),
        (JobSort.STATUS, "acb", "b"),
    ],
)
@pytest.mark.usefixtures("three")
def test_lists_are_sorted_and_paged(store: Store, sort: JobSort, expected: str, last: str) -> None:
    assert ids(store, sort=sort) == expected
    assert ids(store, sort=sort, offset=1, limit=1) == expected[1]
    assert ids(store, sort=sort, descending=True, limit=1) == last


def test_a_key_sees_the_jobs_of_its_studio_or_its_own(store: Store, publish: Publish) -> None:
    ann = store.users.create("ann@example.com", first_name="Ann", last_name="E", role=Role.ARTISAN)
    owners, hers = publish("Owner's", public=True), publish("Ann's", owner_id=ann.id)
    put(store, "a", owners)
    put(store, "b", owners, user_id=ann.id)
    put(store, "c", hers)
    put(store, "d", hers, user_id=store.users.owner().id)

    def seen(kind: KeyKind, user_id: str) -> str:
        key = store.keys.create(kind, user_id=user_id).key
        return ids(store, Sight.of(key, store.users.find(user_id)))

    assert seen(KeyKind.STUDIO, ann.id) == "cd"
    assert seen(KeyKind.USER, ann.id) == "bc"
    assert seen(KeyKind.USER, store.users.owner().id) == "abcd"
    studio = Sight.of(store.keys.create(KeyKind.STUDIO).key, store.users.owner())
    assert store.jobs.find("a" * 24, sight=studio)
    with pytest.raises(NotFound):
        store.jobs.find("c" * 24, sight=studio)


def test_the_next_job_is_the_most_urgent_then_the_oldest(store: Store, publish: Publish) -> None:
    workflow = publish("A")
    put(store, "a", workflow)
    put(store, "b", workflow, priority=Priority.MEDIUM)
    put(store, "c", workflow, priority=Priority.MEDIUM)
    put(store, "d", workflow, priority=Priority.CRITICAL, state=State.RUNNING)
    following = store.turns.next()
    assert following
    assert following.id == "b" * 24


def test_the_positions_are_the_places_in_the_order_of_the_turns(store: Store, publish: Publish) -> None:
    workflow = publish("A")
    told = random.Random(3)
    with store.transaction():
        for number in told.sample(range(60), 60):  # ids need not go with the order in which they came
            state = State.QUEUED if number % 5 else State.RUNNING
            put(store, "", workflow, id=f"{number:024x}", priority=told.choice(list(Priority)[1:]), state=state)
    every = store.jobs.list(JobQuery())
    waiting = [job for job in every if job.state is State.QUEUED]
    in_turn = sorted(waiting, key=lambda job: -job.priority)
    places = {job.id: place for place, job in enumerate(in_turn, 1)}
    assert store.turns.positions(every) == places
    for part in (every[7:19], waiting[-1:], waiting[::9]):
        assert store.turns.positions(part) == {job.id: places[job.id] for job in part if job.state is State.QUEUED}
    assert store.turns.positions([]) == {}


@pytest.mark.sqlite
def test_taking_the_next_and_finding_the_leased_use_their_indexes(store: Store) -> None:
    of: dict[str, object] = {"workflow_id": "w", "number": 100, "priority": 1, "first": 3, "last": 5}
    indexes = {
        "first": {"jobs_waiting"},
        "front": {"jobs_waiting"},
        "first_of": {"jobs_turns"},
        "full": {"workflows_limited", "jobs_running"},
        "turns": {"jobs_turns"},
        "leased": {"jobs_leased"},
        "before": {"jobs_waiting"},
        "between": {"jobs_waiting"},
    }
    for name, wanted in indexes.items():
        plan = store._database.all("EXPLAIN QUERY PLAN " + SQL[name].format(columns="id", lock=""), of)
        steps = [step["detail"] for step in plan]
        assert all(any(index in step for step in steps) for index in wanted), (name, steps)
        assert not [
            step for step in steps if step.startswith(("SCAN jobs", "SCAN j", "SCAN f")) and "INDEX" not in step
        ]


def test_jobs_of_a_workflow_that_is_full_have_no_turn_however_many_are_in_front(store: Store, publish: Publish) -> None:
    full, limited, free = (publish(name) for name in ("full", "limited", "free"))
    for workflow in (full, limited):
        store.workflows.change(replace(workflow.workflow, at_once=1))
    front = [f"{number:024x}" for number in range(250)]
    with store.transaction():
        for each in front:
            put(store, "", full, id=each)
        put(store, "e", free)
        put(store, "d", limited)
        put(store, "f", free)
        put(store, "a", full, state=State.RUNNING)
    turns: list[str] = []
    while following := store.turns.next():
        turns.append(following.id)
        store.jobs.save(replace(following, state=State.RUNNING), was=following)
    assert turns == ["e" * 24, "d" * 24, "f" * 24]
    running = store.jobs.find("a" * 24)
    store.jobs.save(replace(running, state=State.FINISHED), was=running)
    following = store.turns.next()
    assert following
    assert following.id == front[0]


def test_messages_keep_their_order_and_those_of_the_last_attempt_count(store: Store, publish: Publish) -> None:
    job = put(store, "a", publish("A"), attempt=2)
    for attempt, texts in ((1, "xy"), (2, "bac"), (2, "d")):
        messages = [Message(kind=Kind.FILE_WRITTEN, text=text, tool=7) for text in texts]
        store.messages.add(job.id, messages, attempt=attempt, at=at(2))
    said = store.messages.of(job.id)
    assert [message.text for message in said] == ["b", "a", "c", "d"]
    assert (said[0].kind, said[0].tool, said[0].said_at) == (Kind.FILE_WRITTEN, 7, at(2))
    assert [message.text for message in store.messages.of(job.id, attempt=1)] == ["x", "y"]


def test_outputs_keep_their_order_and_are_found_through_their_job(store: Store, publish: Publish) -> None:
    job, other = put(store, "a", publish("A")), put(store, "b", publish("B"))
    new = [NewOutput(name=name, formats=("Raw", "Csv"), digest="0" * 64, size=3, records=1) for name in "zy"]
    store.outputs.add(job.id, new, at=at(2))
    outputs = store.outputs.of(job.id)
    assert [(output.name, output.number, output.formats) for output in outputs] == [
        ("z", 1, ("Raw", "Csv")),
        ("y", 2, ("Raw", "Csv")),
    ]
    assert store.outputs.find(job.id, outputs[1].id) == outputs[1]
    with pytest.raises(NotFound, match=f"Output {outputs[1].id} of job {other.id}"):
        store.outputs.find(other.id, outputs[1].id)
