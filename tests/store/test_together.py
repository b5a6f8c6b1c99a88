"""What is written together shares a commit, and each is answered for itself."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openyx.errors import DiskFull
from openyx.store.connection import Connection
from openyx.store.database import Contended, Outcome
from openyx.store.sqlite import Sqlite
from openyx.store.together import Together, Writing

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


def finished(database: Sqlite, *writings: Writing[str]) -> list[Outcome[str]]:
    together = Together(database, writings)
    together.finish()
    return together.outcomes


def at_once(database: Sqlite, *writings: Writing[str]) -> list[Outcome[str]]:
    together = Together(database, writings)
    if left := together.begin():
        left()
    return together.outcomes


either_way = pytest.mark.parametrize("done", [finished, at_once])


def putting(database: Sqlite, *xs: int) -> Writing[str]:
    def put_all() -> int:
        return sum(put(database, x) for x in xs)

    found: int = yield put_all
    return str(found)


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


@either_way
def test_what_failed_is_raised_where_it_was_wanted(database: Sqlite, done: Done) -> None:
    def counting(x: int) -> Writing[str]:
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
    one, two, three, four = done(database, counting(1), counting(2), known(), known(""))
    assert [one.get(), two.get(), three.get()] == ["1", "102 instead", "known before"]
    assert isinstance(four.error, ZeroDivisionError)
    assert xs(database) == [1, 2, 102]


@either_way
def test_a_writing_that_fails_half_way_is_undone_alone(database: Sqlite, done: Done) -> None:
    put(database, 1)
    first, failed, last = done(database, putting(database, 5), putting(database, 2, 1), putting(database, 3))
    assert (first.get(), last.get()) == ("5", "3")
    assert isinstance(failed.error, Contended)
    assert xs(database) == [1, 3, 5]


@either_way
def test_what_cannot_be_committed_is_answered_to_all(database: Sqlite, done: Done) -> None:
    def spoiling() -> Writing[str]:
        def spoil() -> None:
            assert database.current is not None
            database.current.execute("PRAGMA defer_foreign_keys = ON")
            database.current.execute("INSERT INTO u VALUES (99)")

        yield spoil
        return "spoiled"

    database.run("CREATE TABLE u (y INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED)", {})
    outcomes = done(database, putting(database, 1), spoiling())
    assert [type(outcome.error) for outcome in outcomes] == [sqlite3.IntegrityError, sqlite3.IntegrityError]
    assert xs(database) == []
    assert done(database, putting(database, 5))[0].get() == "5"


def test_what_is_begun_is_written_and_the_commit_left_to_be_waited_for(database: Sqlite) -> None:
    before = database.changes()
    together = Together(database, [putting(database, 1), putting(database, 2)])
    left = together.begin()
    assert left is not None
    assert xs(database) == []
    with ThreadPoolExecutor(1) as pool:
        pool.submit(left).result()
    assert xs(database) == [1, 2]
    assert database.changes() == before + 1
    assert [outcome.get() for outcome in together.outcomes] == ["1", "2"]


@pytest.mark.parametrize("same", [True, False], ids=["thread", "process"])
def test_to_begin_waits_for_nobody_who_writes(database: Sqlite, tmp_path: Path, *, same: bool) -> None:
    asked: list[str] = []

    def asking() -> Writing[str]:
        asked.append("something")
        return (yield from putting(database, 2))

    # To SQLite a file that is opened twice is two processes'.
    other = database if same else Sqlite(tmp_path / "a.sqlite")
    together = Together(database, [asking()])
    with ThreadPoolExecutor(2) as pool:
        begun, go_on = threading.Event(), threading.Event()

        def hold() -> None:
            with other.transaction():
                put(other, 1)
                begun.set()
                assert go_on.wait(60)

        holding = pool.submit(hold)
        assert begun.wait(60)
        left = together.begin()
        assert left is not None
        assert asked == []
        waiting = pool.submit(left)
        go_on.set()
        holding.result(60)
        waiting.result(60)
    assert together.outcomes[0].get() == "2"
    assert xs(database) == [1, 2]


def test_what_is_asked_once_is_asked_again_when_somebody_else_has_written(database: Sqlite) -> None:
    new = itertools.count(100)

    def asking() -> Writing[str]:
        found = database.once("how many", lambda: len(xs(database)))
        yield lambda: put(database, next(new))
        return str(found)

    def answer() -> str:
        return at_once(database, asking())[0].get()

    assert (answer(), at_once(database, putting(database, 7))[0].get(), answer()) == ("0", "7", "0")
    put(database, 8)
    assert answer() == "4"


def test_what_was_asked_in_a_transaction_that_is_undone_is_not_remembered(database: Sqlite) -> None:
    def asking() -> Writing[str]:
        return str((yield lambda: database.once("all", lambda: xs(database))))

    def failing() -> Writing[str]:
        def work() -> None:
            put(database, 1)
            database.once("all", lambda: xs(database))
            raise ZeroDivisionError

        yield work
        return ""

    assert isinstance(at_once(database, failing())[0].error, ZeroDivisionError)
    assert at_once(database, asking())[0].get() == "[]"


def test_where_a_read_that_fails_ends_the_transaction_the_others_are_done_once(database: Sqlite) -> None:
    def reading() -> Writing[str]:
        yield from ()
        if database.current is not None:
            database.current.execute("ROLLBACK")  # as SQLite itself does where it cannot read
        raise sqlite3.OperationalError("disk I/O error")

    first, failed, last = at_once(database, putting(database, 1), reading(), putting(database, 2))
    assert (first.get(), last.get()) == ("1", "2")
    assert isinstance(failed.error, sqlite3.OperationalError)
    assert xs(database) == [1, 2]
    assert at_once(database, putting(database, 3))[0].get() == "3"


def test_a_commit_that_fails_once_is_tried_again(database: Sqlite, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Together(database, [putting(database, 1), putting(database, 2)])
    left = together.begin()
    assert left is not None
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "check_going_on", fail_once(sqlite3.OperationalError("disk I/O error")))
        left()
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
    def large() -> Writing[str]:
        yield lambda: database.run("INSERT INTO large VALUES (zeroblob(1000000))", {})
        return "large"

    database.run("CREATE TABLE large (y BLOB)", {})
    log = tmp_path / "a.sqlite-wal"
    before = log.stat().st_size
    together = Together(database, [large() for _ in range(4)])
    left = together.begin()
    assert left is not None
    assert log.stat().st_size == before
    left()
    assert log.stat().st_size > before + 4_000_000


def test_a_moment_goes_on_after_a_transaction_in_it_and_nothing_is_remembered_of_what_is_not_there(
    database: Sqlite,
) -> None:
    asked: list[str] = []

    def ask(answer: str | None) -> str | None:
        asked.append("something")
        return answer

    with database.one_moment():
        assert [database.once("it", lambda: ask(None)) for _ in range(2)] == [None, None]
        assert database.once("it", lambda: ask("found")) == "found"
        put(database, 1)
        assert database.once("it", lambda: ask("other")) == "found"
    assert len(asked) == 3


def test_when_nothing_is_wanted_nothing_is_left_to_be_done(database: Sqlite) -> None:
    def known() -> Writing[str]:
        yield from ()
        return "known"

    together = Together(database, [known()])
    assert together.begin() is None
    assert together.outcomes[0].get() == "known"
    put(database, 1)
