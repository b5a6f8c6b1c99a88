from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from openyx.errors import DiskFull, StoreUnreachable, UnreadableData
from openyx.store import open_store
from openyx.store.database import Contended
from openyx.store.sqlite import Sqlite


@pytest.fixture
def database(tmp_path: Path) -> Sqlite:
    opened = Sqlite(tmp_path / "a.sqlite")
    opened.run("CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT)", {})
    return opened


def xs(database: Sqlite) -> list[int]:
    return [row["x"] for row in database.all("SELECT x FROM t ORDER BY x", {})]


def put_twice(database: Sqlite) -> None:
    """Two transactions; the second one fails."""
    for _ in range(2):
        with database.transaction():
            database.run("INSERT INTO t VALUES (1, 'a')", {})


def test_every_connection_writes_ahead_syncs_fully_and_checks_foreign_keys(database: Sqlite) -> None:
    with database.transaction():
        assert database.one("PRAGMA journal_mode", {}) == {"journal_mode": "wal"}
        assert database.one("PRAGMA synchronous", {}) == {"synchronous": 2}
        assert database.one("PRAGMA foreign_keys", {}) == {"foreign_keys": 1}


def test_a_durable_transaction_is_synced_after_one_that_was_not(database: Sqlite) -> None:
    with database.transaction(durable=False):
        assert database.one("PRAGMA synchronous", {}) == {"synchronous": 1}
    with database.transaction():
        assert database.one("PRAGMA synchronous", {}) == {"synchronous": 2}


def test_a_failed_transaction_leaves_nothing(database: Sqlite) -> None:
    with pytest.raises(Contended), database.transaction():
        put_twice(database)
    assert xs(database) == []
    database.run("INSERT INTO t VALUES (2, 'b')", {})
    assert xs(database) == [2]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at open files by what only Linux has")
def test_who_is_still_reading_when_it_is_closed_leaves_no_file_open(database: Sqlite, tmp_path: Path) -> None:
    with database.snapshot():
        database.close()
    held = (str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
    assert [each for each in held if each.startswith(str(tmp_path))] == []


def test_a_transaction_within_another_is_a_part_of_it(database: Sqlite) -> None:
    with pytest.raises(Contended), database.transaction():
        put_twice(database)
    assert xs(database) == []


def test_a_reader_does_not_see_what_is_not_committed(database: Sqlite) -> None:
    seen: list[list[int]] = []
    with database.transaction():
        database.run("INSERT INTO t VALUES (1, 'a')", {})
        reader = threading.Thread(target=lambda: seen.append(xs(database)))
        reader.start()
        reader.join()
    assert seen == [[]]
    assert xs(database) == [1]


def test_many_threads_write_without_losing_one(database: Sqlite) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 25):
            with database.transaction():
                database.run("INSERT INTO t VALUES (:x, 'a')", {"x": number})

    threads = [threading.Thread(target=write, args=(first,)) for first in range(0, 400, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert xs(database) == list(range(400))


def test_connections_that_many_threads_use_at_once_are_kept_for_the_next_time(database: Sqlite) -> None:
    assert connections_of_many_threads(database) == connections_of_many_threads(database)


def connections_of_many_threads(database: Sqlite) -> set[sqlite3.Connection]:
    """Those that 32 threads, as a server has them, use at the same time."""
    found: set[sqlite3.Connection] = set()
    all_have_one = threading.Barrier(32)

    def use() -> None:
        with database.lent() as connection:
            found.add(connection)
            all_have_one.wait(60)

    threads = [threading.Thread(target=use) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 32
    return found


def test_connections_keep_few_pages_in_memory(database: Sqlite) -> None:
    row = database.one("PRAGMA cache_size", {})
    assert row is not None
    # Negative numbers are KiB: 32 connections keep no more than 16 MB.
    assert -512 <= row["cache_size"] < 0


def test_changes_by_another_process_are_noticed(database: Sqlite, tmp_path: Path) -> None:
    before = database.changes()
    assert database.changes() == before
    write = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO t VALUES (1, 2)'); c.commit()"
    )
    subprocess.run([sys.executable, "-c", write, str(tmp_path / "a.sqlite")], check=True)
    assert database.changes() != before


def test_own_changes_are_noticed_too(database: Sqlite) -> None:
    before = database.changes()
    database.run("INSERT INTO t VALUES (1, 'a')", {})
    assert database.changes() != before


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_text("not a database, but long enough to look at: " * 100)
    with pytest.raises(UnreadableData, match=r"a\.sqlite cannot be opened as a gallery's database"):
        Sqlite(tmp_path / "a.sqlite")


def test_a_script_may_hold_semicolons_in_texts_and_comments(database: Sqlite) -> None:
    with database.transaction():
        database.script("-- one; two\nCREATE TABLE u (\n  z TEXT DEFAULT 'a;b'\n);\nINSERT INTO u DEFAULT VALUES;")
    assert database.all("SELECT z FROM u", {}) == [{"z": "a;b"}]


def test_a_full_disk_is_told_and_leaves_nothing(database: Sqlite) -> None:
    database.all("PRAGMA max_page_count = 1", {})
    with pytest.raises(DiskFull, match="full"):
        database.run("INSERT INTO t VALUES (1, :long)", {"long": "x" * 100_000})
    database.all("PRAGMA max_page_count = 1000", {})
    assert xs(database) == []
    database.run("INSERT INTO t VALUES (1, :long)", {"long": "x" * 100_000})
    assert xs(database) == [1]


def test_a_damaged_file_is_told_as_such(tmp_path: Path) -> None:
    with open_store(tmp_path / "d"):
        pass
    file = tmp_path / "d" / "gallery.sqlite"
    content = bytearray(file.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    file.write_bytes(content)
    with pytest.raises(UnreadableData, match="database is damaged"):
        open_store(tmp_path / "d")


def test_a_file_that_somebody_does_not_let_go_is_not_to_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openyx.store.sqlite._BUSY_SECONDS", 0.01)
    with open_store(tmp_path) as store:
        holder = sqlite3.connect(tmp_path / "gallery.sqlite", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnreachable, match="held by a process"), store.transaction():
            pass
        holder.close()
        with store.transaction():
            pass
