from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from openyx.store import Store, WorkerRecord
from tests.clock import Clock


def worker(store: Store, name: str) -> WorkerRecord:
    now = store.clock()
    return WorkerRecord(name=name, host="host", pid=7, slots=2, started_at=now, heartbeat_at=now)


def names(store: Store) -> list[str]:
    return [each.name for each in store.workers.list()]


def test_a_worker_is_listed_with_its_last_heartbeat_until_it_is_forgotten(store: Store, clock: Clock) -> None:
    first = worker(store, "a")
    store.workers.beat(first)
    clock.advance(seconds=10)
    beaten = replace(first, heartbeat_at=clock())
    store.workers.beat(beaten)
    assert store.workers.list() == [beaten]
    store.workers.forget("a")
    assert store.workers.list() == []


def test_workers_are_listed_oldest_first(store: Store, clock: Clock) -> None:
    store.workers.beat(worker(store, "z"))
    clock.advance(seconds=1)
    store.workers.beat(worker(store, "a"))
    assert names(store) == ["z", "a"]


def test_those_that_were_silent_since_a_moment_are_forgotten(store: Store, clock: Clock) -> None:
    store.workers.beat(worker(store, "silent"))
    clock.advance(hours=24)
    store.workers.beat(worker(store, "fresh"))
    store.workers.forget_silent(before=clock() - timedelta(hours=24))
    assert names(store) == ["silent", "fresh"]
    store.workers.forget_silent(before=clock())
    assert names(store) == ["fresh"]
