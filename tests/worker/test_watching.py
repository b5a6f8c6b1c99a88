"""What goes wrong beside the runs ends neither the watch over them nor the beat of their worker."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

import openyx.worker.belonging
import openyx.worker.folders
import openyx.worker.guard
import openyx.worker.worker
from openyx.queue import Queue
from openyx.store import State, Store
from openyx.worker.belonging import end_all
from openyx.worker.folders import WorkFolder
from openyx.worker.guard import Guard, size_of
from openyx.worker.limits import Limits
from openyx.worker.worker import Worker
from tests.worker.conftest import PATIENCE, Start, Until

Working = Callable[..., AbstractContextManager[Worker]]


class Deaf:
    """Hears no news at all."""

    def __init__(self, store: Store) -> None:
        pass

    def wait(self, seconds: float, *, unless: threading.Event) -> bool:
        unless.wait(seconds)
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it does not come"
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="the program waits for a signal")
def test_a_cancel_whose_news_was_missed_is_heard_with_the_next_heartbeat(
    store: Store, queue: Queue, start: Start, until: Until, working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openyx.worker.worker, "Watch", Deaf)
    job = start("hang")
    with working(queue=Queue(store, lease=timedelta(seconds=3))):
        until(job.id, lambda _: bool(store.messages.of(job.id)))
        queue.cancel(job.id, by=store.users.owner())
        assert until(job.id, lambda job: job.over).state is State.CANCELLED


def test_a_sweep_that_takes_long_does_not_keep_the_worker_from_its_beat(
    store: Store, start: Start, until: Until, working: Working, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    dead = folder / "work" / "dead"

    def never_dies(_: Path) -> None:
        begun.set()
        go_on.wait(PATIENCE)

    def beat() -> object:
        return [worker.heartbeat_at for worker in store.workers.list()]

    with working(slots=0, queue=Queue(store, lease=timedelta(seconds=1))):
        wait_until(lambda: bool(beat()))
        monkeypatch.setattr(openyx.worker.folders, "end_all", never_dies)
        dead.mkdir()
        dead.with_suffix(".lock").touch()
        job = start("succeed")
        assert Queue(store).claim("dead")
        until(job.id, lambda job: job.lost == 1)
        assert begun.wait(PATIENCE)
        for _ in range(2):
            last = beat()
            wait_until(lambda last=last: beat() != last)  # type: ignore[misc] # bound while it is looped over
        assert dead.exists()
        go_on.set()
        wait_until(lambda: not dead.exists())


def test_one_sweep_is_enough_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[Path] = []
    go_on = threading.Event()

    def waits(left: Path) -> None:
        swept.append(left)
        go_on.wait(PATIENCE)

    monkeypatch.setattr(openyx.worker.folders, "end_all", waits)
    (folder / "work").mkdir(parents=True)
    (folder / "work" / "dead.lock").touch()
    own = WorkFolder(folder / "work")
    for _ in range(3):
        own.sweep_aside()
    wait_until(lambda: bool(swept))
    own.sweep_aside()
    assert sum(thread.name == f"sweep-{own.name}" for thread in threading.enumerate()) == 1
    go_on.set()
    wait_until(lambda: not (folder / "work" / "dead.lock").exists())
    assert swept == [folder / "work" / "dead"]
    own.close()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found on Linux alone")
def test_nobody_is_waited_for_who_turns_out_to_be_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    script = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-S", "-c", script], stdin=subprocess.PIPE) as stranger:

        def taken_for_its(_: Path) -> Iterator[int]:
            yield stranger.pid

        monkeypatch.setattr(openyx.worker.belonging, "belonging", taken_for_its)
        monkeypatch.setattr(openyx.worker.belonging, "_PATIENCE_MS", -1)  # for ever, if it waited
        end_all(tmp_path)
        assert stranger.poll() is None
    assert [record.message for record in caplog.records] == ["processes that cannot be killed"]


def test_a_look_that_fails_does_not_end_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = 0

    def memory(_: Path) -> int:
        nonlocal looks
        looks += 1
        if looks <= 2:
            raise OSError(24, "Too many open files")
        return 2_000_000

    told: list[str] = []
    monkeypatch.setattr(openyx.worker.guard, "memory", memory)
    with Guard(tmp_path, Limits(memory=1_000_000), told.append):
        wait_until(lambda: bool(told))
    assert told == ["The run took more than 1 MB of memory and was stopped (--memory-limit)."]
    assert [record.message for record in caplog.records] == ["a run cannot be watched"]


def test_a_file_that_cannot_be_looked_at_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = os.lstat

    def shut(path: str) -> os.stat_result:
        if os.path.basename(path) == "shut":  # noqa: PTH119 - what pathlib itself may ask
            raise PermissionError(13, "Permission denied")
        return look(path)

    for name in ("shut", "open"):
        (tmp_path / name).write_bytes(bytes(10))
    monkeypatch.setattr(os, "lstat", shut)
    assert size_of(tmp_path) == 10
