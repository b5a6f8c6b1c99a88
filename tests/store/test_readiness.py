"""A gallery is ready when its database answers, its disks have room and its folders can be written."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Mapping
from typing import Any, cast

import pytest

from openyx.errors import StoreUnreachable
from openyx.store import Store
from openyx.store.database import Database
from openyx.store.readiness import Readiness


class Away:
    """A database that does not answer: it says so, or says nothing until it is let go."""

    def __init__(self, *, silent: bool = False) -> None:
        self.asked = 0
        self.go = threading.Event()
        if not silent:
            self.go.set()

    def one(self, sql: str, params: Mapping[str, Any]) -> None:
        self.asked += 1
        self.go.wait()
        raise StoreUnreachable("The gallery's database cannot be reached.")


def over(store: Store, database: Away) -> Readiness:
    return Readiness(cast("Database", database), store.folder, store.mark)


def test_a_store_that_was_just_opened_is_ready(store: Store) -> None:
    assert store.readiness.ready()


def test_without_room_it_is_not(store: Store) -> None:
    store.readiness.room = shutil.disk_usage(store.folder.path).total + 1
    assert not store.readiness.ready()


@pytest.mark.parametrize("gone", ["path", "uploads"])
def test_without_a_folder_that_can_be_written_it_is_not(store: Store, gone: str) -> None:
    folder = getattr(store.folder, gone)
    folder.rename(folder.with_name("elsewhere"))
    folder.touch()
    assert not store.readiness.ready()


def test_without_a_database_it_is_not(store: Store) -> None:
    assert not over(store, Away()).ready()


def test_however_many_ask_it_is_looked_at_most_once_a_second(store: Store) -> None:
    away = Away()
    readiness, began = over(store, away), time.monotonic()
    for _ in range(200):
        readiness.ready()
    assert 1 <= away.asked <= 1 + (time.monotonic() - began)


def test_while_a_database_is_silent_nobody_else_waits_for_it(store: Store) -> None:
    away = Away(silent=True)
    readiness = over(store, away)
    first = threading.Thread(target=readiness.ready)
    first.start()
    try:
        while not away.asked:
            time.sleep(0.01)
        assert not readiness.ready()
        assert first.is_alive()
    finally:
        away.go.set()
        first.join()
