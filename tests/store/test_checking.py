"""A check finds what contradicts itself, names it, and mends it only when told."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.queue import Order, Queue
from openyx.store import Disposition, Finding, Job, KeyKind, NewOutput, Published, State, Store, invariants
from tests.store.ages import age
from tests.stores import opened, path_of, shelves

Publish = Callable[..., Published]


@pytest.fixture
def queue(store: Store) -> Queue:
    return Queue(store, lease=timedelta(seconds=30), stopwatch=lambda: store.clock().timestamp())


@pytest.fixture
def workflow(publish: Publish) -> Published:
    return publish("A")


@pytest.fixture
def jobs(store: Store, queue: Queue, workflow: Published, advance: Callable[..., None]) -> dict[str, Job]:
    """A job in each state that there is, with outputs and attempts."""

    def enqueued() -> Job:
        owner = workflow.workflow.owner_id
        return queue.enqueue(Order(workflow_id=workflow.workflow.id, user_id=owner, answers={}))

    def claimed() -> Job:
        enqueued()
        held = queue.claim("worker")
        assert held is not None
        return held

    owner = store.users.owner()
    blob = store.blobs.add(b"output")
    output = NewOutput(name="a", formats=("Raw",), digest=blob.digest, size=blob.size)
    lost = claimed()
    queue.recover()
    advance(seconds=31)
    queue.recover()
    again = queue.claim("worker")
    assert again is not None
    assert (again.id, again.attempt) == (lost.id, 2)
    made = {
        "finished": queue.finish(queue.start(again), Disposition.SUCCESS, outputs=[output]),
        "failed": queue.finish(queue.start(claimed()), Disposition.ERROR),
        "withdrawn": queue.cancel(enqueued().id, by=owner),
    }
    stopped = queue.start(claimed())
    queue.cancel(stopped.id, by=owner)
    made["stopped"] = queue.stopped(stopped)
    made["running"] = queue.start(claimed())
    made["claimed"] = claimed()
    made["queued"] = enqueued()
    return made


def check(store: Store, *, deep: bool = False, repair: bool = False) -> list[Finding]:
    return list(store.checking.check(deep=deep, repair=repair))


def rules(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.what) for finding in found]


def spoil(store: Store, sql: str, **params: object) -> None:
    assert store._database.run(sql, params) == 1


def test_a_gallery_with_jobs_in_all_states_has_no_fault(store: Store, jobs: dict[str, Job]) -> None:
    store.keys.create(KeyKind.USER)
    assert {job.state for job in jobs.values()} >= set(State) - {State.CREATED, State.GIVEN_UP}
    assert check(store, deep=True) == []


JOB = "UPDATE jobs SET {} WHERE id = :id"
ATTEMPT = "UPDATE attempts SET {} WHERE job_id = :id AND number = :number"


@pytest.mark.parametrize(
    ("change", "job", "rule", "mended"),
    [
        (JOB.format("finished_at = NULL"), "finished", "over_says_how", True),
        (JOB.format("disposition = 'None'"), "stopped", "over_says_how", True),
        (JOB.format("lease_until = 1"), "failed", "over_says_how", True),
        (JOB.format("finished_at = 1"), "running", "not_over_has_no_end", True),
        (JOB.format("disposition = 'Success'"), "queued", "not_over_has_no_end", True),
        (JOB.format("worker = 'w'"), "queued", "waiting_is_free", True),
        (JOB.format("lease_until = 1"), "queued", "waiting_is_free", True),
        (JOB.format("lease_until = NULL"), "claimed", "held_has_holder", False),
        (JOB.format("worker = NULL"), "running", "held_has_holder", False),
        (JOB.format("started_at = NULL"), "running", "running_has_begun", False),
        (JOB.format("attempt = 3"), "finished", "attempts_are_counted", False),
        (JOB.format("cancel_requested_by = NULL"), "withdrawn", "cancelled_was_asked_for", False),
    ],
)
def test_a_record_that_contradicts_itself_is_named(
    store: Store, jobs: dict[str, Job], change: str, job: str, rule: str, mended: bool
) -> None:
    spoil(store, change, id=jobs[job].id)
    named = (rule, f"job {jobs[job].id}")
    assert named in rules(check(store))
    found = [finding for finding in check(store, repair=True) if (finding.rule, finding.what) == named]
    assert [bool(finding.repaired) for finding in found] == [mended]
    assert (named in rules(check(store))) is not mended


@pytest.mark.parametrize(
    ("change", "job", "number", "rule", "mended"),
    [
        (ATTEMPT.format("ending = NULL, ended_at = NULL"), "finished", 1, "open_attempt_is_held", True),
        (ATTEMPT.format("ending = NULL, ended_at = NULL"), "stopped", 1, "open_attempt_is_held", True),
        (ATTEMPT.format("worker = 'another'"), "running", 1, "open_attempt_is_held", True),
        (ATTEMPT.format("ended_at = NULL"), "failed", 1, "ended_attempt_says_when", True),
        (ATTEMPT.format("ending = 'finished'"), "finished", 1, "end_is_that_of_the_last_attempt", False),
        (ATTEMPT.format("ending = 'cancelled'"), "failed", 1, "end_is_that_of_the_last_attempt", False),
    ],
)
def test_an_attempt_that_contradicts_its_job_is_named(
    store: Store, jobs: dict[str, Job], change: str, job: str, number: int, rule: str, mended: bool
) -> None:
    spoil(store, change, id=jobs[job].id, number=number)
    named = (rule, f"attempt {number} at job {jobs[job].id}")
    assert named in rules(check(store))
    found = [finding for finding in check(store, repair=True) if (finding.rule, finding.what) == named]
    assert [bool(finding.repaired) for finding in found] == [mended]
    assert (named in rules(check(store))) is not mended


@pytest.mark.parametrize("change", ["ending = 'lost', ended_at = 1", "worker = 'another'"])
def test_a_job_that_is_held_without_an_attempt_of_its_worker_is_named(
    store: Store, jobs: dict[str, Job], change: str
) -> None:
    running = jobs["running"].id
    spoil(store, ATTEMPT.format(change), id=running, number=1)
    assert ("held_has_open_attempt", f"job {running}") in rules(check(store, repair=True))
    assert rules(check(store)) == [("held_has_open_attempt", f"job {running}")]


def test_two_open_attempts_at_a_job_are_found_and_one_is_left(store: Store, jobs: dict[str, Job]) -> None:
    running = jobs["running"].id
    spoil(store, "INSERT INTO attempts VALUES (:id, 2, 'b', 1, NULL, NULL, NULL)", id=running)
    assert rules(check(store)) == [
        ("attempts_are_counted", f"job {running}"),
        ("open_attempt_is_held", f"attempt 2 at job {running}"),
    ]
    check(store, repair=True)
    assert [attempt.ending for attempt in store.attempts.of(running)] == [None, "lost"]


def test_outputs_of_a_job_that_failed_are_found_and_removed(store: Store, jobs: dict[str, Job]) -> None:
    spoil(store, "UPDATE outputs SET job_id = :id", id=jobs["failed"].id)
    assert [rule for rule, _ in rules(check(store))] == ["outputs_are_of_success"]
    (mended,) = check(store, repair=True)
    assert mended.repaired == "they are removed"
    assert store.outputs.of(jobs["failed"].id) == []


def test_versions_of_another_workflow_are_found(store: Store, publish: Publish, jobs: dict[str, Job]) -> None:
    other, job = publish("B"), jobs["finished"]
    spoil(store, JOB.format("version_id = :version"), id=job.id, version=other.version.id)
    assert rules(check(store)) == [("job_runs_its_workflow", f"job {job.id}")]
    sql = "UPDATE workflows SET published_version_id = :version WHERE id = :id"
    spoil(store, sql, id=job.workflow_id, version=other.version.id)
    assert ("published_version_is_its_own", f"workflow {job.workflow_id}") in rules(check(store))


def test_a_message_of_an_attempt_that_there_never_was_is_found(store: Store, jobs: dict[str, Job]) -> None:
    store.messages.add(jobs["queued"].id, [], attempt=1, at=store.clock())
    spoil(store, "INSERT INTO messages VALUES (:id, 1, 5, 1, 'x', -1, 1)", id=jobs["queued"].id)
    assert rules(check(store)) == [("messages_are_of_attempts", f"message 1 of job {jobs['queued'].id}")]


def test_a_file_that_is_missing_or_shorter_is_found_with_who_needs_it(store: Store, publish: Publish) -> None:
    missing, short = publish("missing").version, publish("short").version
    path_of(store.blobs, missing.digest).unlink()
    path_of(store.blobs, short.digest).write_bytes(b"s")
    found = {finding.what: finding.text for finding in check(store, repair=True)}
    assert found == {
        f"file {missing.digest}": f"it is missing; needed by version {missing.id} of workflow {missing.workflow_id}",
        f"file {short.digest}": f"it has 1 bytes, not 5; needed by version {short.id} of workflow {short.workflow_id}",
    }


def test_another_content_of_the_same_size_is_found_by_a_deep_check_and_mended_by_an_upload(
    store: Store, publish: Publish
) -> None:
    version = publish("short").version
    path_of(store.blobs, version.digest).write_bytes(b"shirt")
    assert check(store) == []
    (found,) = check(store, deep=True)
    assert found.text.startswith("its content is not what it was; needed by version")
    store.blobs.add(b"short")
    assert check(store, deep=True) == []


def test_what_nobody_needs_is_found_once_it_is_old_and_removed_when_told(store: Store, publish: Publish) -> None:
    publish("A")
    blob = store.blobs.add(b"alone")
    with store.blobs.writer() as writer:
        os.link(writer.path, store.folder.uploads / "cut-off")
    assert check(store) == []
    age(store)
    expected = [("file_is_needed", f"file {blob.digest}"), ("upload_goes_on", "upload cut-off")]
    assert rules(check(store)) == expected
    assert path_of(store.blobs, blob.digest).is_file()
    mended = check(store, repair=True)
    assert (rules(mended), {finding.repaired for finding in mended}) == (expected, {"removed"})
    assert check(store) == []


def test_what_a_killed_sweep_left_aside_is_found_and_settled(store: Store, publish: Publish) -> None:
    needed = publish("A").version.digest
    alone = store.blobs.add(b"alone").digest
    age(store)
    shelves(store.blobs).set_aside(needed)
    aside = shelves(store.blobs).set_aside(alone)
    assert aside
    assert rules(check(store)) == [("aside_is_empty", f"file {aside}")]
    assert [finding.repaired for finding in check(store, repair=True)] == ["removed"]
    assert check(store) == []
    assert path_of(store.blobs, needed).is_file()


def test_the_folder_of_a_worker_that_is_gone_is_found(store: Store) -> None:
    from openyx.worker.folders import WorkFolder

    alive = WorkFolder(store.folder.work)
    (store.folder.work / "host-dead").mkdir()
    assert rules(check(store)) == [("work_goes_on", "folder host-dead")]
    alive.close()


def test_a_key_file_that_is_missing_or_another_is_found(store: Store) -> None:
    key = store.keys.create(KeyKind.USER).key
    file = store.folder.path / "secret.key"
    kept = file.read_bytes()
    file.write_bytes(bytes(32))
    assert rules(check(store)) == [("secret_opens", f"key {key.key}")]
    file.unlink()
    assert rules(check(store)) == [("key_file", "secret.key")]
    file.write_bytes(kept)
    file.chmod(0o600)
    assert check(store) == []


@pytest.mark.sqlite
def test_a_damaged_database_file_is_found(tmp_path: Path) -> None:
    with opened(tmp_path / "d") as store:
        for number in range(200):
            store.users.create(
                f"user{number}@localhost", first_name="A" * 50, last_name="B", role=store.users.owner().role
            )
    file = tmp_path / "d" / "gallery.sqlite"
    content = bytearray(file.read_bytes())
    pages = [place for place in range(4096, len(content), 4096) if b"user77@localhost" in content[place : place + 4096]]
    for place in pages:
        content[place : place + 64] = b"\xff" * 64
    assert pages
    file.write_bytes(content)
    with opened(tmp_path / "d") as store:
        found = check(store)
    assert {finding.rule for finding in found} == {"database"}


@pytest.mark.sqlite
def test_a_record_that_refers_to_none_is_found(store: Store, jobs: dict[str, Job]) -> None:
    import sqlite3

    with sqlite3.connect(store.folder.database) as connection:
        connection.execute("UPDATE attempts SET job_id = 'nobody' WHERE job_id = ?", (jobs["failed"].id,))
    connection.close()
    (found,) = check(store)
    assert "attempts refers to a missing one of jobs" in found.text


def test_each_invariant_is_one_sentence() -> None:
    found = invariants()
    assert len(found) > 10
    for invariant in found:
        assert invariant.sentence[0].isupper()
        assert invariant.sentence.endswith(".")
        assert bool(invariant.mend) == bool(invariant.mending)


def test_the_guide_holds_each_invariant() -> None:
    page = (Path(__file__).parents[2] / "docs" / "guide" / "keeping.md").read_text("utf-8")
    assert [each.name for each in invariants() if f"| `{each.name}` | {each.sentence} |" not in page] == []
