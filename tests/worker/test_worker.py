from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import openyx.worker.account
import openyx.worker.run
from openyx.errors import DiskFull
from openyx.messages import Kind
from openyx.queue import Queue
from openyx.store import Blobs, Disposition, Ending, Job, OutputKind, State, Store, Version
from openyx.worker.prepare import prepare
from openyx.worker.worker import Worker
from tests.stores import database_of, path_of
from tests.worker.processes import gone

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., AbstractContextManager[Worker]]


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="watches processes by what only Linux has")
PATIENCE = 60.0
PROGRAM = (sys.executable, "-S", str(Path(__file__).parent / "program.py"))
WORKER = """
import sys, threading
from openyx.store import open_store
from openyx.worker.worker import Worker
with open_store(sys.argv[1], database=sys.argv[2]) as store:
    Worker(store, program=sys.argv[3:]).work(threading.Event())
"""


def recovered(queue: Queue) -> list[Job]:
    """The jobs that are taken from their workers once these were silent for a lease."""
    until = time.monotonic() + PATIENCE
    while not (jobs := queue.recover()):
        assert time.monotonic() < until, "nobody is silent"
        time.sleep(0.02)
    return jobs


def over(job: Job) -> bool:
    return job.over


def texts(store: Store, job: Job) -> list[str]:
    return [message.text for message in store.messages.of(job.id)]


def test_a_job_runs_and_its_messages_and_outputs_are_kept(
    store: Store, start: Start, until: Until, working: Working
) -> None:
    job = start("succeed")
    with working() as worker:
        job = until(job.id, over)
        assert job.worker == worker.name
    assert (job.state, job.disposition, job.attempt, job.records) == (State.FINISHED, Disposition.SUCCESS, 1, 12)
    messages = [(message.kind, message.text, message.tool) for message in store.messages.of(job.id)]
    assert messages == [(Kind.INFO, "one", 7), (Kind.FILE_WRITTEN, "two", 3)]
    outputs = store.outputs.of(job.id)
    assert [(output.name, output.formats, output.records, output.tool, output.kind) for output in outputs] == [
        ("a.csv", ("Raw", "Csv"), 1, 3, OutputKind.FILE),
        ("b.csv", ("Raw", "Csv"), 1, 3, OutputKind.FILE),
    ]
    assert [path_of(store.blobs, output.digest).read_text() for output in outputs] == [
        "a,b\na.csv,1\n",
        "a,b\nb.csv,1\n",
    ]
    assert [output.size for output in outputs] == [12, 12]


@pytest.mark.parametrize(
    ("do", "disposition", "outputs"),
    [
        ("warn", Disposition.WARNING, 1),
        ("fail", Disposition.ERROR, 0),
        ("say an error and go on", Disposition.ERROR, 0),
    ],
)
def test_the_disposition_follows_from_what_was_said(
    store: Store, start: Start, until: Until, working: Working, do: str, disposition: Disposition, outputs: int
) -> None:
    job = start(do)
    with working():
        job = until(job.id, over)
    assert (job.state, job.disposition) == (State.FINISHED, disposition)
    assert len(store.outputs.of(job.id)) == outputs


@pytest.mark.parametrize(
    ("do", "how"),
    [
        ("die", "it was killed by SIGKILL, as the system does to what takes too much memory"),
        ("exit", "it ended with status 3"),
        ("babble", "it said what nobody understands"),
    ],
)
def test_a_child_that_dies_without_a_word_is_an_error_that_says_how(
    store: Store, start: Start, until: Until, working: Working, do: str, how: str
) -> None:
    job = start(do)
    with working():
        job = until(job.id, over)
    assert (job.state, job.disposition) == (State.FINISHED, Disposition.ERROR)
    assert texts(store, job) == [f"The run died: {how}."]


def test_what_a_dead_child_wrote_goes_to_the_log_and_not_to_the_caller(
    store: Store, start: Start, until: Until, working: Working, caplog: pytest.LogCaptureFixture
) -> None:
    job = start("exit")
    with working():
        until(job.id, over)
    (record,) = (record for record in caplog.records if record.message == "child died")
    assert record.__dict__["fields"]["last_words"] == "the reason why\n"
    assert "the reason why" not in "".join(texts(store, job))


def test_a_child_that_goes_on_after_its_end_is_over_all_the_same(
    store: Store, start: Start, until: Until, working: Working
) -> None:
    job = start("go on after its end")
    with working():
        done = until(job.id, over)
    assert (done.disposition, len(store.outputs.of(job.id))) == (Disposition.SUCCESS, 1)


def test_an_output_that_is_gone_is_an_error_that_names_it(
    store: Store, start: Start, until: Until, working: Working
) -> None:
    job = start("lose its output")
    with working():
        job = until(job.id, over)
    assert job.disposition is Disposition.ERROR
    assert "gone.csv" in texts(store, job)[0]


def test_a_child_sees_its_folder_and_no_secrets(
    store: Store, start: Start, until: Until, working: Working, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENYX_SECRET", "do not tell")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do not tell")
    job = start("tell", secret="answer")
    with working():
        until(job.id, over)
    told = json.loads(texts(store, job)[0])
    assert Path(told["cwd"]).is_relative_to(folder / "work")
    assert Path(told["env"]["TMPDIR"]).is_relative_to(folder / "work")
    assert "do not tell" not in told["env"].values()
    assert set(told["env"]) <= {
        "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "TEMP", "TMP",
    }  # fmt: skip
    assert told["name"] == "A.yxmd"


def test_a_package_is_unpacked_into_the_childs_folder(
    store: Store, start: Start, until: Until, working: Working, package: bytes
) -> None:
    job = start("tell", content=package, entry="inner.yxmd")
    with working():
        until(job.id, over)
    told = json.loads(texts(store, job)[0])
    assert (told["name"], told["text"]) == ("inner.yxmd", "<AlteryxDocument><Nodes/></AlteryxDocument>")


def test_a_package_that_cannot_be_unpacked_is_an_error(
    store: Store, start: Start, until: Until, working: Working, package: bytes
) -> None:
    broken = start("succeed", content=package[:40], entry="inner.yxmd")
    missing = start("succeed", content=package, entry="other.yxmd")
    with working():
        assert until(broken.id, over).disposition is Disposition.ERROR
        assert until(missing.id, over).disposition is Disposition.ERROR
    assert "no zip archive" in texts(store, broken)[0]
    assert texts(store, missing) == ["A.yxmd: the package holds no other.yxmd"]


def test_a_cancelled_job_is_dead_with_all_that_it_started(
    store: Store, queue: Queue, start: Start, until: Until, working: Working
) -> None:
    job = start("hang")
    with working():
        until(job.id, lambda _: bool(texts(store, job)))
        pids = json.loads(texts(store, job)[0])
        queue.cancel(job.id, by=store.users.owner())
        job = until(job.id, over)
        assert all(gone(pid) for pid in pids)
    assert (job.state, job.disposition) == (State.CANCELLED, Disposition.ERROR)
    assert texts(store, job)[-1] == "cancelled by owner@localhost"
    assert [attempt.ending for attempt in store.attempts.of(job.id)] == [Ending.CANCELLED]


def test_a_slot_goes_on_after_each_kind_of_end(
    store: Store, queue: Queue, start: Start, until: Until, working: Working
) -> None:
    jobs = [start(do) for do in ("die", "fail", "babble", "exit", "succeed")]
    with working():
        ends = [until(job.id, over) for job in jobs]
    assert [job.disposition for job in ends] == [Disposition.ERROR] * 4 + [Disposition.SUCCESS]


def test_what_a_job_left_running_is_killed_and_its_folder_removed(
    store: Store, start: Start, until: Until, working: Working, folder: Path
) -> None:
    job, following = start("leave a grandchild"), start("succeed")
    with working():
        until(job.id, over)
        until(following.id, over)
        assert gone(int(texts(store, job)[0]))
    assert list((folder / "work").iterdir()) == []
    assert list((folder / "uploads").iterdir()) == []


def test_slots_run_side_by_side(store: Store, start: Start, until: Until, working: Working, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    slow, quick = start("wait for a file", fifo=str(tmp_path / "fifo")), start("succeed")
    with working(slots=2):
        until(slow.id, lambda _: texts(store, slow) == ["waiting"])
        until(quick.id, over)
        assert store.jobs.find(slow.id).state is State.RUNNING
        (tmp_path / "fifo").write_text("go on")
        assert until(slow.id, over).disposition is Disposition.SUCCESS


def test_a_stopping_worker_hands_back_what_does_not_end_in_time(
    store: Store, start: Start, until: Until, working: Working
) -> None:
    job = start("hang")
    with working(grace=0.0):
        until(job.id, lambda _: bool(texts(store, job)))
        pids = json.loads(texts(store, job)[0])
    back = store.jobs.find(job.id)
    assert (back.state, back.worker, back.lost) == (State.QUEUED, None, 0)
    assert all(gone(pid) for pid in pids)
    assert [attempt.ending for attempt in store.attempts.of(job.id)] == [Ending.HANDED_BACK]


def test_a_stopping_worker_lets_a_job_end_in_time(
    store: Store, start: Start, until: Until, working: Working, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "fifo")
    job, waiting = start("wait for a file", fifo=str(tmp_path / "fifo")), start("succeed")
    with working(grace=60.0):
        until(job.id, lambda _: bool(texts(store, job)))
        writer = os.open(tmp_path / "fifo", os.O_WRONLY)
        os.close(writer)
    assert store.jobs.find(job.id).disposition is Disposition.SUCCESS
    assert store.jobs.find(waiting.id).state in (State.QUEUED, State.FINISHED)


def test_a_worker_that_lost_its_lease_kills_its_child_and_keeps_quiet(
    store: Store, start: Start, until: Until, working: Working
) -> None:
    job = start("hang")
    with working(queue=Queue(store, lease=timedelta(milliseconds=300))):
        until(job.id, lambda _: bool(texts(store, job)))
        pids = json.loads(texts(store, job)[0])
        recovered(Queue(store, lease=timedelta(0)))
        until(job.id, lambda job: job.attempt == 2 and len(texts(store, job)) == 2)
        assert all(gone(pid) for pid in pids)
    assert texts(store, job)[0] == "The worker that ran this job vanished; this is attempt 2."


def test_a_killed_workers_job_runs_again_when_its_lease_is_over(
    store: Store, start: Start, until: Until, working: Working, folder: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "fifo")
    job = start("wait for a file", fifo=str(tmp_path / "fifo"))
    with subprocess.Popen([sys.executable, "-c", WORKER, str(folder), database_of(folder), *PROGRAM]) as worker:
        first = until(job.id, lambda _: texts(store, job) == ["waiting"])
        worker.kill()
    patient = Queue(store, lease=timedelta(milliseconds=300))
    assert patient.recover() == []
    assert patient.claim("early") is None
    assert [lost.id for lost in recovered(patient)] == [job.id]
    with working() as second:
        until(job.id, lambda job: job.attempt == 2 and texts(store, job)[-1:] == ["waiting"])
        (tmp_path / "fifo").write_text("go on")
        done = until(job.id, over)
    assert (done.disposition, done.lost) == (Disposition.SUCCESS, 1)
    assert [(attempt.worker, attempt.ending) for attempt in store.attempts.of(job.id)] == [
        (first.worker, Ending.LOST),
        (second.name, Ending.FINISHED),
    ]
    assert list((folder / "work").iterdir()) == []


class Cramped(Queue):
    """A queue on a disk that is full each time before it is not."""

    full: set[str]

    def _squeeze(self, what: str) -> None:
        if what not in self.full:
            self.full.add(what)
            raise DiskFull("The disk is full.")

    def start(self, *given: Any, **named: Any) -> Job:
        self._squeeze("start")
        return super().start(*given, **named)

    def tell(self, *given: Any, **named: Any) -> None:
        self._squeeze("tell")
        super().tell(*given, **named)

    def heartbeat(self, *given: Any, **named: Any) -> Job:
        self._squeeze("heartbeat")
        return super().heartbeat(*given, **named)

    def finish(self, *given: Any, **named: Any) -> Job:
        self._squeeze("finish")
        return super().finish(*given, **named)

    def recover(self) -> list[Job]:
        self._squeeze("recover")
        return super().recover()


def cramped(store: Store) -> Cramped:
    queue = Cramped(store)
    queue.full = set()
    return queue


def test_a_disk_that_is_full_for_a_while_does_not_lose_the_run(
    store: Store, start: Start, until: Until, working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openyx.worker.account, "_PAUSE", 0.01)
    queue = cramped(store)
    job = start("succeed")
    with working(queue=queue):
        done = until(job.id, over)
    assert {"start", "tell", "heartbeat", "finish"} <= queue.full
    assert (done.disposition, done.attempt, done.lost) == (Disposition.SUCCESS, 1, 0)
    assert (texts(store, job), len(store.outputs.of(job.id))) == (["one", "two"], 2)


def test_a_worker_that_could_not_write_does_not_take_the_jobs_of_others_who_could_not_either(
    store: Store, start: Start
) -> None:
    job = start("succeed")
    assert Queue(store, lease=timedelta(0)).claim("another")
    worker, at_once = Worker(store, queue=cramped(store), slots=0), threading.Event()
    at_once.set()
    for _ in range(2):
        worker._look(at_once)
    assert (store.jobs.find(job.id).state, store.jobs.find(job.id).lost) == (State.CLAIMED, 0)


def test_a_child_that_dies_before_its_task_is_replaced(
    store: Store, start: Start, until: Until, working: Working, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = start("succeed")
    with working(program=(*PROGRAM, str(tmp_path / "deaths"), "2")):
        done = until(job.id, over)
    assert (done.disposition, done.attempt, done.lost) == (Disposition.SUCCESS, 1, 0)
    assert texts(store, job) == ["one", "two"]
    died = [record for record in caplog.records if record.message == "child died before its task"]
    assert [record.__dict__["fields"]["last_words"] for record in died] == ["no such module\n"] * 2


def test_a_job_that_no_child_can_take_is_an_error_that_says_so(
    store: Store, start: Start, until: Until, working: Working, tmp_path: Path
) -> None:
    job, following = start("succeed"), start("succeed")
    with working(program=(*PROGRAM, str(tmp_path / "deaths"), "3")):
        done = until(job.id, over)
        assert until(following.id, over).disposition is Disposition.SUCCESS
    assert (done.state, done.disposition) == (State.FINISHED, Disposition.ERROR)
    assert texts(store, job) == ["The run could not begin: 3 processes died as they started; it ended with status 4."]


def test_a_child_that_dies_with_its_task_is_not_replaced(
    store: Store, start: Start, until: Until, working: Working, tmp_path: Path
) -> None:
    job = start("exit")
    with working(program=(*PROGRAM, str(tmp_path / "children"), "0")):
        until(job.id, over)
    assert (tmp_path / "children").read_text() == "x"


def test_a_job_waits_for_the_room_that_its_workflow_needs(
    store: Store, start: Start, until: Until, working: Working, package: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []

    def without_room_at_first(version: Version, blobs: Blobs, folder: Path) -> Path:
        tried.append(folder)
        if len(tried) == 1:
            (folder / "inner.yxmd").write_bytes(b"<Alt")
            (folder / "more").mkdir()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return prepare(version, blobs, folder)

    monkeypatch.setattr(openyx.worker.account, "_PAUSE", 0.01)
    monkeypatch.setattr(openyx.worker.run, "prepare", without_room_at_first)
    job = start("tell", content=package, entry="inner.yxmd")
    with working():
        done = until(job.id, over)
    assert (done.disposition, done.attempt, len(tried)) == (Disposition.SUCCESS, 1, 2)
    assert json.loads(texts(store, job)[0])["text"] == "<AlteryxDocument><Nodes/></AlteryxDocument>"
