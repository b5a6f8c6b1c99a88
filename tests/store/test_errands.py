"""Writers that come at the same time share a commit, and each is answered for itself."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from openyx.errors import DiskFull
from openyx.store.database import Contended
from openyx.store.sqlite import Sqlite


@pytest.fixture
def database(tmp_path: Path) -> Sqlite:
    opened = Sqlite(tmp_path / "a.sqlite")
    opened.run("CREATE TABLE t (x INTEGER PRIMARY KEY)", {})
    return opened


def put(database: Sqlite, x: int) -> int:
    database.run("INSERT INTO t VALUES (:x)", {"x": x})
    return x


def xs(database: Sqlite) -> list[int]:
    return [row["x"] for row in database.all("SELECT x FROM t ORDER BY x", {})]


def while_one_is_held(database: Sqlite, *works: Callable[[], object]) -> list[object]:
    """What comes of works that all come while another one is being done."""
    results: list[object] = [None] * len(works)
    holding, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        holding.set()
        go_on.wait()

    def do(place: int) -> None:
        try:
            results[place] = database.together(works[place])
        except Exception as error:  # noqa: BLE001 - what it was is looked at
            results[place] = error

    first = threading.Thread(target=lambda: database.together(hold))
    first.start()
    holding.wait()
    others = [threading.Thread(target=do, args=(place,)) for place in range(len(works))]
    for place, other in enumerate(others, 1):
        other.start()
        while len(database._errands._waiting) < place:
            time.sleep(0.001)
    go_on.set()
    for thread in (first, *others):
        thread.join()
    return results


def test_those_that_wait_together_are_committed_together(database: Sqlite) -> None:
    before = database.changes()
    results = while_one_is_held(database, *(lambda x=x: put(database, x) for x in range(8)))
    assert results == list(range(8))
    assert xs(database) == list(range(8))
    assert database.changes() == before + 1


def test_one_that_fails_is_undone_alone(database: Sqlite) -> None:
    def twice() -> None:
        put(database, 2)
        put(database, 1)

    first, failed, last = while_one_is_held(database, lambda: put(database, 1), twice, lambda: put(database, 3))
    assert (first, last) == (1, 3)
    assert isinstance(failed, Contended)
    assert xs(database) == [1, 3]


def test_nobody_is_answered_when_the_commit_fails(database: Sqlite) -> None:
    def spoil() -> None:
        connection = database.current
        assert connection is not None
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("CREATE TABLE u (y INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED)")
        connection.execute("INSERT INTO u VALUES (99)")

    results = while_one_is_held(database, lambda: put(database, 1), spoil)
    assert [type(result) for result in results] == [sqlite3.IntegrityError, sqlite3.IntegrityError]
    assert xs(database) == []
    assert database.together(lambda: put(database, 5)) == 5


def test_where_there_is_no_room_only_who_needs_it_is_refused(database: Sqlite) -> None:
    database.run("CREATE TABLE large (y BLOB)", {})
    (pages,) = (row["page_count"] for row in database.all("PRAGMA page_count", {}))

    def fill() -> None:
        connection = database.current
        assert connection is not None
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        try:
            database.run("INSERT INTO large VALUES (zeroblob(1000000))", {})
        finally:
            connection.execute("PRAGMA max_page_count = 1000000")

    first, full, last = while_one_is_held(database, lambda: put(database, 1), fill, lambda: put(database, 3))
    assert isinstance(full, DiskFull)
    assert isinstance(first, Contended)
    assert isinstance(last, Contended)
    assert xs(database) == []
    assert database.together(lambda: put(database, 5)) == 5
    assert xs(database) == [5]


def test_within_a_transaction_it_is_a_part_of_that_one(database: Sqlite) -> None:
    with database.transaction():
        assert database.together(lambda: put(database, 1)) == 1
    assert xs(database) == [1]
