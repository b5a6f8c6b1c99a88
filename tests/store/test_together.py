"""What is written together shares a commit, and each is answered for itself."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from openyx.errors import Conflict, DiskFull
from openyx.store.connection import Connection
from openyx.store.database import Contended, Outcome
from openyx.store.sqlite import Sqlite
from openyx.store.together import Together

Work = Callable[[], str]
Done = Callable[..., list[Outcome[str]]]


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


def waiting(database: Sqlite, *works: Work) -> list[Outcome[str]]:
    together = Together(database, works)
    together.finish()
    return together.outcomes


def at_once(database: Sqlite, *works: Work) -> list[Outcome[str]]:
    together = Together(database, works)
    if together.begin():
        together.commit()
    else:
        together.finish()
    return together.outcomes


either_way = pytest.mark.parametrize("done", [waiting, at_once])


def putting(database: Sqlite, *xs: int) -> Work:
    return lambda: str(sum(put(database, x) for x in xs))


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


def test_it_stands_alone(database: Sqlite) -> None:
    with database.transaction(), pytest.raises(RuntimeError, match="within a transaction"):
        database.together([lambda: put(database, 1)])
    assert xs(database) == []


def test_who_has_nothing_to_write_waits_for_nobody(database: Sqlite, tmp_path: Path) -> None:
    def refused() -> int:
        raise Conflict(f"{len(xs(database))} are there")

    put(database, 1)
    done: list[Outcome[int]] = []
    other = Sqlite(tmp_path / "a.sqlite")
    with ThreadPoolExecutor(1) as pool, other.transaction():
        put(other, 2)
        done += pool.submit(database.together, [refused, lambda: len(xs(database))]).result(30)
        waiting = pool.submit(database.together, [refused, lambda: put(database, 3)])
        assert wait([waiting], 0.1).not_done
    failed, read = done
    assert (str(failed.error), read.get()) == ("1 are there", 1)
    assert [outcome.result for outcome in waiting.result(60)] == [None, 3]


@either_way
def test_each_is_answered_for_itself(database: Sqlite, done: Done) -> None:
    def reading() -> str:
        return f"{xs(database)[-1]} is there"

    put(database, 2)
    one, two, three, four = done(database, putting(database, 1), putting(database, 2), reading, putting(database, 4))
    assert [one.get(), three.get(), four.get()] == ["1", "2 is there", "4"]
    assert isinstance(two.error, Contended)
    assert xs(database) == [1, 2, 4]


@either_way
def test_one_that_fails_half_way_is_undone_alone(database: Sqlite, done: Done) -> None:
    put(database, 1)
    first, failed, last = done(database, putting(database, 5), putting(database, 2, 1), putting(database, 3))
    assert (first.get(), last.get()) == ("5", "3")
    assert isinstance(failed.error, Contended)
    assert xs(database) == [1, 3, 5]


@either_way
def test_what_cannot_be_committed_is_answered_to_all(database: Sqlite, done: Done) -> None:
    def spoil() -> str:
        assert database.current is not None
        database.current.execute("PRAGMA defer_foreign_keys = ON")
        database.current.execute("INSERT INTO u VALUES (99)")
        return "spoiled"

    database.run("CREATE TABLE u (y INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED)", {})
    outcomes = done(database, putting(database, 1), spoil)
    assert [type(outcome.error) for outcome in outcomes] == [sqlite3.IntegrityError, sqlite3.IntegrityError]
    assert xs(database) == []
    assert done(database, putting(database, 5))[0].get() == "5"


@either_way
def test_who_only_reads_waits_for_no_disk(database: Sqlite, done: Done, tmp_path: Path) -> None:
    put(database, 1)
    before, size = database.changes(), (tmp_path / "a.sqlite-wal").stat().st_size
    assert done(database, lambda: str(xs(database)))[0].get() == "[1]"
    assert (database.changes(), (tmp_path / "a.sqlite-wal").stat().st_size) == (before, size)
    put(database, 2)


def test_who_has_not_begun_has_nothing_to_commit_and_lets_go_of_nothing(database: Sqlite) -> None:
    put(database, 1)
    half_done = Together(database, [putting(database, 2, 1)])
    assert not half_done.begin()
    with database.transaction():
        put(database, 3)
        with pytest.raises(RuntimeError, match="begun"):
            half_done.commit()
    assert xs(database) == [1, 3]
    put(database, 4)


def test_what_is_begun_is_written_and_the_commit_left_to_be_waited_for(database: Sqlite) -> None:
    before = database.changes()
    together = Together(database, [putting(database, 1), putting(database, 2)])
    assert together.begin()
    assert xs(database) == []
    with ThreadPoolExecutor(1) as pool:
        pool.submit(together.commit).result()
    assert xs(database) == [1, 2]
    assert database.changes() == before + 1
    assert [outcome.get() for outcome in together.outcomes] == ["1", "2"]


@pytest.mark.parametrize("same", [True, False], ids=["thread", "process"])
def test_to_begin_waits_for_nobody_who_writes(database: Sqlite, tmp_path: Path, *, same: bool) -> None:
    asked: list[str] = []

    def asking() -> str:
        asked.append("something")
        return putting(database, 2)()

    # To SQLite a file that is opened twice is two processes'.
    other = database if same else Sqlite(tmp_path / "a.sqlite")
    together = Together(database, [asking])
    with ThreadPoolExecutor(2) as pool:
        begun, go_on = threading.Event(), threading.Event()

        def hold() -> None:
            with other.transaction():
                put(other, 1)
                begun.set()
                assert go_on.wait(60)

        holding = pool.submit(hold)
        assert begun.wait(60)
        assert not together.begin()
        assert asked == []
        waiting = pool.submit(together.finish)
        go_on.set()
        holding.result(60)
        waiting.result(60)
    assert together.outcomes[0].get() == "2"
    assert xs(database) == [1, 2]


def test_what_is_asked_once_is_asked_again_when_somebody_else_has_written(database: Sqlite) -> None:
    new = itertools.count(100)

    def asking() -> str:
        found = database.once("how many", lambda: len(xs(database)))
        put(database, next(new))
        return str(found)

    def answer() -> str:
        return at_once(database, asking)[0].get()

    assert (answer(), at_once(database, putting(database, 7))[0].get(), answer()) == ("0", "7", "0")
    put(database, 8)
    assert answer() == "4"


def test_of_what_is_not_there_nothing_is_remembered(database: Sqlite) -> None:
    asked: list[str] = []

    def ask(answer: str | None) -> str | None:
        asked.append("something")
        return answer

    def asking() -> str:
        assert [database.once("it", lambda: ask(None)) for _ in range(2)] == [None, None]
        assert database.once("it", lambda: ask("found")) == "found"
        return str(database.once("it", lambda: ask("other")))

    assert at_once(database, asking)[0].get() == "found"
    assert len(asked) == 3


def test_what_was_asked_in_a_transaction_that_is_undone_is_not_remembered(database: Sqlite) -> None:
    def asking() -> str:
        return str(database.once("all", lambda: xs(database)))

    def failing() -> str:
        put(database, 1)
        database.once("all", lambda: xs(database))
        raise ZeroDivisionError

    assert isinstance(at_once(database, failing)[0].error, ZeroDivisionError)
    assert at_once(database, asking)[0].get() == "[]"


def test_where_a_read_that_fails_ends_the_transaction_the_others_are_done_once(database: Sqlite) -> None:
    def reading() -> str:
        assert database.current is not None
        database.current.execute("ROLLBACK")  # as SQLite itself does where it cannot read
        raise sqlite3.OperationalError("disk I/O error")

    first, failed, last = at_once(database, putting(database, 1), reading, putting(database, 2))
    assert (first.get(), last.get()) == ("1", "2")
    assert isinstance(failed.error, sqlite3.OperationalError)
    assert xs(database) == [1, 2]
    assert at_once(database, putting(database, 3))[0].get() == "3"


def test_a_commit_that_fails_once_is_tried_again(database: Sqlite, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Together(database, [putting(database, 1), putting(database, 2)])
    assert together.begin()
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "check_going_on", fail_once(sqlite3.OperationalError("disk I/O error")))
        together.commit()
    assert [outcome.get() for outcome in together.outcomes] == ["1", "2"]
    assert xs(database) == [1, 2]
    assert at_once(database, putting(database, 3))[0].get() == "3"


def fail_once(error: Exception) -> Callable[..., None]:
    errors = [error]

    def fail(_connection: Connection) -> None:
        if errors:
            raise errors.pop()

    return fail


def test_nothing_goes_to_the_disk_before_the_commit(database: Sqlite, tmp_path: Path) -> None:
    def large() -> str:
        return str(database.run("INSERT INTO large VALUES (zeroblob(1000000))", {}))

    database.run("CREATE TABLE large (y BLOB)", {})
    log = tmp_path / "a.sqlite-wal"
    before = log.stat().st_size
    together = Together(database, [large] * 4)
    assert together.begin()
    assert log.stat().st_size == before
    together.commit()
    assert log.stat().st_size > before + 4_000_000
