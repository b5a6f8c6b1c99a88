"""Processes that leave their group, and workers that are stopped or killed: nothing of a job outlives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.queue import Queue
from openyx.store import Disposition, Ending, Job, State, Store
from openyx.worker.worker import Worker
from tests.stores import database_of
from tests.worker.conftest import PROGRAM
from tests.worker.processes import gone

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., AbstractContextManager[Worker]]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="such processes are found on Linux alone")
WORKER = """
import sys, threading
from datetime import timedelta
from openyx.queue import Queue
from openyx.store import open_store
from openyx.worker.worker import Worker
with open_store(sys.argv[1], database=sys.argv[2]) as store:
    queue = Queue(store, lease=timedelta(seconds=1))
    Worker(store, queue=queue, program=sys.argv[3:]).work(threading.Event())
"""
SHELL = """
import os, pty, signal, sys
shell, terminal = pty.fork()
if not shell:
    os.chdir(sys.argv[1])
    os.write(1, b"here")
    signal.pause()
assert os.read(terminal, 4) == b"here"
print(shell, flush=True)
sys.stdin.read()
assert os.waitpid(shell, os.WNOHANG) == (0, 0)
os.kill(shell, signal.SIGKILL)
"""


def over(job: Job) -> bool:
    return job.over


def texts(store: Store, job: Job) -> list[str]:
    return [message.text for message in store.messages.of(job.id)]


@contextmanager
def another(folder: Path) -> Generator[subprocess.Popen[bytes]]:
    """A worker as a process; killed at the end."""
    with subprocess.Popen([sys.executable, "-c", WORKER, str(folder), database_of(folder), *PROGRAM]) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def test_who_leaves_the_group_is_killed_when_the_run_ends(
    store: Store, start: Start, until: Until, working: Working, folder: Path
) -> None:
    job = start("desert")
    with working():
        assert until(job.id, over).disposition is Disposition.SUCCESS
        assert all(gone(pid) for pid in json.loads(texts(store, job)[0]))
    assert list((folder / "work").iterdir()) == []


def test_who_leaves_the_group_is_killed_when_the_run_is_cancelled(
    store: Store, queue: Queue, start: Start, until: Until, working: Working
) -> None:
    job = start("desert and hang")
    with working():
        until(job.id, lambda _: bool(texts(store, job)))
        queue.cancel(job.id, by=store.users.owner())
        assert until(job.id, over).state is State.CANCELLED
        assert all(gone(pid) for pid in json.loads(texts(store, job)[0]))


def test_who_leaves_the_group_of_a_killed_worker_is_killed_when_one_starts_again(
    store: Store, start: Start, until: Until, folder: Path
) -> None:
    job = start("desert and hang")
    with another(folder) as worker:
        until(job.id, lambda _: bool(texts(store, job)))
        worker.kill()
    child, *deserters = json.loads(texts(store, job)[0])
    assert gone(child)
    for deserter in deserters:
        os.kill(deserter, 0)  # lives on: nobody is there who knew it
    stop = threading.Event()
    stop.set()
    Worker(store, program=PROGRAM, slots=0).work(stop)
    assert all(gone(deserter) for deserter in deserters)
    assert list((folder / "work").iterdir()) == []


def test_nobody_elses_process_is_killed(
    store: Store, start: Start, until: Until, working: Working, folder: Path, tmp_path: Path
) -> None:
    script = "import signal; print('here', flush=True); signal.pause()"
    near = {**os.environ, "TMPDIR": f"{folder / 'work'}-of-somebody-else"}
    with subprocess.Popen(
        [sys.executable, "-S", "-c", script], env=near, cwd=tmp_path, stdout=subprocess.PIPE
    ) as stranger:
        assert stranger.stdout
        stranger.stdout.readline()
        job = start("desert")
        with working():
            until(job.id, over)
        assert stranger.poll() is None
        stranger.kill()


def test_a_worker_that_sleeps_through_its_lease_does_no_harm_when_it_wakes(
    store: Store, start: Start, until: Until, working: Working, folder: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "fifo")
    job = start("wait for a file", fifo=str(tmp_path / "fifo"))
    with another(folder) as sleeper:
        first = until(job.id, lambda _: texts(store, job) == ["waiting"])
        os.kill(sleeper.pid, signal.SIGSTOP)
        (tmp_path / "fifo").write_text("go on")  # the child ends well, and nobody hears it
        with working(queue=Queue(store, lease=timedelta(seconds=1))) as second:
            until(job.id, lambda job: job.attempt == 2 and texts(store, job)[-1:] == ["waiting"])
            (tmp_path / "fifo").write_text("go on")
            done = until(job.id, over)
        os.kill(sleeper.pid, signal.SIGCONT)
        following = until(start("succeed").id, over)  # only the sleeper is there to run it
    assert (done.disposition, done.attempt, done.worker) == (Disposition.SUCCESS, 2, second.name)
    assert [(attempt.worker, attempt.ending) for attempt in store.attempts.of(job.id)] == [
        (first.worker, Ending.LOST),
        (second.name, Ending.FINISHED),
    ]
    assert [output.name for output in store.outputs.of(job.id)] == ["a.csv"]
    assert store.jobs.find(job.id) == done
    assert (following.disposition, following.worker) == (Disposition.SUCCESS, first.worker)


def test_who_looks_around_from_a_terminal_is_not_killed(
    store: Store, start: Start, until: Until, working: Working, folder: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "fifo")
    job = start("wait for a file", fifo=str(tmp_path / "fifo"))
    with working() as worker:
        until(job.id, lambda _: texts(store, job) == ["waiting"])
        (looked_at,) = [files for files in (folder / "work" / worker.name).glob("*/files") if list(files.iterdir())]
        with subprocess.Popen(
            [sys.executable, "-S", "-c", SHELL, str(looked_at)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as keeper:
            assert keeper.stdin
            assert keeper.stdout
            shell = int(keeper.stdout.readline())
            (tmp_path / "fifo").write_text("go on")
            until(job.id, over)
            os.kill(shell, 0)
            keeper.stdin.close()
        assert keeper.returncode == 0
