"""A worker is listed while it lives, and forgotten by others when it died without a word."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.errors import DiskFull
from openyx.queue import Queue
from openyx.store import State, Store, WorkerRecord
from openyx.worker.presence import Presence
from openyx.worker.worker import Worker
from tests.clock import Clock
from tests.stores import opened
from tests.worker.conftest import PATIENCE, Start, Until

Working = Callable[..., AbstractContextManager[Worker]]


def names(store: Store) -> list[str]:
    return [each.name for each in store.workers.list()]


def listed_when(store: Store, wanted: Callable[[WorkerRecord], bool]) -> WorkerRecord:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for listed in store.workers.list():
            if wanted(listed):
                return listed
        time.sleep(0.05)
    raise AssertionError(store.workers.list())


def test_a_worker_is_listed_with_host_process_and_slots_until_it_ends(
    store: Store, working: Working, start: Start, until: Until
) -> None:
    with working(slots=3) as worker:
        until(start("succeed").id, lambda job: job.over)
        (listed,) = store.workers.list()
        assert (listed.name, listed.host, listed.pid, listed.slots) == (
            worker.name,
            socket.gethostname(),
            os.getpid(),
            3,
        )
    assert store.workers.list() == []


def test_it_beats_several_times_in_a_lease(store: Store, working: Working) -> None:
    with working(queue=Queue(store, lease=timedelta(seconds=3))):
        first = listed_when(store, lambda _: True)
        later = listed_when(store, lambda listed: listed.heartbeat_at > first.heartbeat_at)
    assert later.started_at == first.started_at


def test_a_worker_that_died_is_forgotten_by_others_after_a_day(folder: Path) -> None:
    clock = Clock()
    with opened(folder, clock=clock) as store:
        dead, other = (Presence(store, name=name, slots=1) for name in ("dead", "other"))
        dead.beat()
        clock.advance(hours=24)
        other.beat()
        assert names(store) == ["dead", "other"]
        clock.advance(seconds=1)
        other.beat()
        assert names(store) == ["other"]
        dead.beat()
        assert names(store) == ["dead", "other"]


def test_where_it_cannot_be_written_down_it_works_all_the_same(
    store: Store, working: Working, start: Start, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull("The disk is full.")

    monkeypatch.setattr(store.workers, "beat", full)
    with working():
        assert until(start("succeed").id, lambda job: job.over).state is State.FINISHED
