"""What is written together shares a commit, and each is answered for itself."""

from __future__ import annotations

import sqlite3
import traceback
from pathlib import Path

import pytest

from openyx.errors import DiskFull
from openyx.store.database import Contended, Outcome
from openyx.store.sqlite import Sqlite
from openyx.store.together import Writing, written


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


def traces(outcome: Outcome[int]) -> int:
    """How long the trace of an error is, however often it was raised before."""
    with pytest.raises(sqlite3.IntegrityError) as told:
        outcome.get()
    return len(traceback.extract_tb(told.value.__traceback__))


def test_several_works_are_one_commit(database: Sqlite) -> None:
    before = database.changes()
    outcomes = database.together([lambda x=x: put(database, x) for x in range(8)])  # type: ignore[misc] # bound now
    assert [outcome.get() for outcome in outcomes] == list(range(8))
    assert xs(database) == list(range(8))
    assert database.changes() == before + 1


def test_one_that_fails_before_it_wrote_leaves_the_others_in_their_commit(database: Sqlite) -> None:
    put(database, 1)
    before = database.changes()
    first, failed, last = database.together(
        [lambda: put(database, 0), lambda: put(database, 1), lambda: put(database, 2)]
    )
    assert (first.get(), last.get()) == (0, 2)
    assert isinstance(failed.error, Contended)
    assert xs(database) == [0, 1, 2]
    assert database.changes() == before + 1


def test_one_that_fails_after_it_wrote_is_undone_alone(database: Sqlite) -> None:
    def twice() -> int:
        put(database, 2)
        return put(database, 1)

    first, failed, last = database.together([lambda: put(database, 1), twice, lambda: put(database, 3)])
    assert (first.get(), last.get()) == (1, 3)
    assert isinstance(failed.error, Contended)
    assert xs(database) == [1, 3]


def test_nobody_is_answered_when_the_commit_fails(database: Sqlite) -> None:
    def spoil() -> int:
        connection = database.current
        assert connection is not None
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("CREATE TABLE u (y INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED)")
        connection.execute("INSERT INTO u VALUES (99)")
        return 0

    outcomes = database.together([lambda: put(database, 1), spoil])
    assert [type(outcome.error) for outcome in outcomes] == [sqlite3.IntegrityError, sqlite3.IntegrityError]
    assert len({traces(outcome) for outcome in outcomes for _ in range(3)}) == 1
    assert xs(database) == []
    assert database.together([lambda: put(database, 5)])[0].get() == 5


def test_where_there_is_no_room_only_who_needs_it_is_refused(database: Sqlite) -> None:
    database.run("CREATE TABLE large (y BLOB)", {})
    (pages,) = (row["page_count"] for row in database.all("PRAGMA page_count", {}))

    def fill() -> int:
        connection = database.current
        assert connection is not None
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        try:
            return database.run("INSERT INTO large VALUES (zeroblob(1000000))", {})
        finally:
            connection.execute("PRAGMA max_page_count = 1000000")

    first, full, last = database.together([lambda: put(database, 1), fill, lambda: put(database, 3)])
    assert isinstance(full.error, DiskFull)
    assert (first.get(), last.get()) == (1, 3)
    assert xs(database) == [1, 3]


def test_within_a_transaction_it_is_a_part_of_that_one(database: Sqlite) -> None:
    def put_and_fail() -> None:
        with database.transaction():
            assert database.together([lambda: put(database, 1)])[0].get() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert xs(database) == []


def test_what_is_done_between_is_outside_of_the_transaction_and_what_failed_is_raised_where_it_was_wanted(
    database: Sqlite,
) -> None:
    def counting(x: int) -> Writing[str]:
        assert database.current is None
        try:
            yield lambda: put(database, x)
        except Contended:
            assert database.current is None
            again: int = yield lambda: put(database, x + 100)
            return f"{again} instead"
        assert database.current is None
        return f"{x}"

    def known(answer: str = "known before") -> Writing[str]:
        if not answer:
            raise ZeroDivisionError
        yield from ()
        return answer

    put(database, 2)
    one, two, three, four = written(database, [counting(1), counting(2), known(), known("")])
    assert [one.get(), two.get(), three.get()] == ["1", "102 instead", "known before"]
    assert isinstance(four.error, ZeroDivisionError)
    assert xs(database) == [1, 2, 102]
