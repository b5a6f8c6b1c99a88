"""Children are kept ready, serve one job each, and are not started over and over where they cannot start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

import openyx.worker.backoff
from openyx.queue import Queue
from openyx.store import Disposition, Job, State, Store
from openyx.worker.backoff import Backoff
from openyx.worker.worker import CHILD, Worker
from tests.worker.conftest import PATIENCE, PROGRAM

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., AbstractContextManager[Worker]]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="watches processes by what only Linux has")


def over(job: Job) -> bool:
    return job.over


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def fields(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    return [record.__dict__["fields"] for record in caplog.records if record.message == event]


def ready_child(worker: Worker, *, but: Collection[int] = ()) -> int:
    """The id of a child that waits for a job."""
    found: list[int] = []

    def look() -> bool:
        children = [slot._child for slot in worker._slots]
        found[:] = [child.pid for child in children if child and child.ready and child.pid not in but]
        return bool(found)

    wait_for(look)
    return found[0]


@pytest.mark.parametrize("program", [PROGRAM, CHILD], ids=["stand-in", "real"])
def test_a_job_runs_in_the_child_that_was_ready_before_it_came_and_the_next_in_another(
    start: Start, until: Until, working: Working, program: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "openyx.worker")
    expected: list[int] = []
    with working(program=program) as worker:
        for _ in range(3):
            expected.append(ready_child(worker, but=expected))
            until(start("succeed").id, over)
    assert [each["child"] for each in fields(caplog, "job started")] == expected


@pytest.mark.parametrize("program", [PROGRAM, CHILD], ids=["stand-in", "real"])
def test_the_child_for_the_next_job_is_made_ready_while_a_job_runs(
    store: Store,
    queue: Queue,
    start: Start,
    until: Until,
    working: Working,
    program: tuple[str, ...],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "openyx.worker")
    with working(program=PROGRAM) as worker:
        first = ready_child(worker)
        hung = start("hang")
        for slot in worker._slots:
            slot._program = program
        until(hung.id, lambda job: job.state is State.RUNNING)
        ahead = ready_child(worker, but=[first])
        queue.cancel(hung.id, by=store.users.owner())
        until(hung.id, over)
        until(start("succeed").id, over)
    assert [each["child"] for each in fields(caplog, "job started")] == [first, ahead]
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in (first, ahead)))


def test_a_warm_real_child_has_its_imports_done() -> None:
    with subprocess.Popen(CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        assert json.loads(child.stdout.readline()) == {"type": "ready"}
        mapped = Path(f"/proc/{child.pid}/maps").read_text()
        child.stdin.close()
    assert "polars" in mapped


def test_a_slot_whose_children_cannot_start_claims_nothing_waits_longer_each_time_and_recovers(
    store: Store,
    start: Start,
    until: Until,
    working: Working,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openyx.worker.backoff, "FIRST", 0.01)
    job = start("succeed")
    with working(program=(*PROGRAM, str(tmp_path / "deaths"), "at once", "4")):
        done = until(job.id, over)
    assert (done.disposition, done.attempt, done.lost) == (Disposition.SUCCESS, 1, 0)
    given_up = fields(caplog, "child died before its job")
    assert [each["pause"] for each in given_up] == [0.01, 0.02, 0.04, 0.08]
    assert {each["last_words"] for each in given_up} == {"no such module\n"}


def test_jobs_wait_in_the_queue_while_no_child_starts(
    store: Store, start: Start, working: Working, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = [start("succeed") for _ in range(3)]
    with working(program=(*PROGRAM, str(tmp_path / "deaths"), "at once", "1000")):
        wait_for(lambda: len(fields(caplog, "child died before its job")) >= 2)
    assert {(store.jobs.find(job.id).state, store.jobs.find(job.id).attempt) for job in jobs} == {(State.QUEUED, 0)}


def test_a_program_that_is_not_there_loses_no_slot(
    store: Store, start: Start, until: Until, working: Working, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openyx.worker.backoff, "FIRST", 0.01)
    program, job = tmp_path / "child", start("succeed")
    with working(program=(str(program),)):
        wait_for(lambda: (tmp_path / "data" / "work").exists())
        assert store.jobs.find(job.id).state is State.QUEUED
        beside = tmp_path / "beside"
        beside.write_text(f"#!/bin/sh\nexec {' '.join(PROGRAM)}\n")
        beside.chmod(0o755)
        beside.replace(program)
        assert until(job.id, over).disposition is Disposition.SUCCESS


def test_a_child_that_is_killed_while_it_waits_is_replaced(
    start: Start, until: Until, working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openyx.worker.backoff, "FIRST", 0.01)
    with working() as worker:
        first = ready_child(worker)
        os.kill(first, 9)
        assert ready_child(worker, but=[first])
        assert until(start("succeed").id, over).disposition is Disposition.SUCCESS


def test_a_job_is_handed_back_when_no_other_child_can_be_started_for_it(
    store: Store, start: Start, until: Until, working: Working, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openyx.worker.backoff, "FIRST", 0.01)
    program = tmp_path / "child"
    program.write_text(f'#!/bin/sh\nmv {program} {tmp_path / "away"}\necho \'{{"type":"ready"}}\'\nread task\nexit 4\n')
    program.chmod(0o755)
    job = start("succeed")
    with working(program=(str(program),)):
        until(job.id, lambda job: job.state is State.QUEUED and job.attempt == 1)
    assert store.jobs.find(job.id).lost == 0


def test_the_pause_is_a_minute_at_most_and_over_when_a_job_has_begun() -> None:
    backoff = Backoff()
    seen = [backoff.over]
    assert [backoff.failed() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    seen.append(backoff.over)
    backoff.well()
    seen.append(backoff.over)
    assert (seen, backoff.failed()) == ([True, False, True], 1)
