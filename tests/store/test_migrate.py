from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openyx.errors import UnreadableData
from openyx.store import open_store
from openyx.store.migrate import Migration, migrate, migrations
from openyx.store.sqlite import Sqlite

TABLES = {
    "attempts", "jobs", "keys", "messages", "migrations", "nonces", "outputs", "removed", "studios", "tokens", "users",
    "versions", "workers", "workflows",
}  # fmt: skip


def clock() -> datetime:
    return datetime(2026, 3, 1, tzinfo=UTC)


def step(number: int, script: str) -> Migration:
    return Migration(number=number, name=f"{number:04}_step", script=script)


def tables(database: Sqlite) -> set[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {row["name"] for row in database.all(sql, {})}


def test_all_steps_apply_from_empty(tmp_path: Path) -> None:
    database = Sqlite(tmp_path / "a.sqlite")
    migrate(database, clock, migrations())
    assert tables(database) == TABLES
    rows = database.all("SELECT number FROM migrations", {})
    assert [row["number"] for row in rows] == [each.number for each in migrations()]


def test_the_tables_hold_together(tmp_path: Path) -> None:
    database = Sqlite(tmp_path / "a.sqlite")
    migrate(database, clock, migrations())
    assert database.all("PRAGMA foreign_key_check", {}) == []
    assert database.one("PRAGMA integrity_check", {}) == {"integrity_check": "ok"}


def test_only_the_missing_steps_are_applied(tmp_path: Path) -> None:
    database = Sqlite(tmp_path / "a.sqlite")
    first = step(1, "CREATE TABLE a (x)")
    migrate(database, clock, [first])
    migrate(database, clock, [first, step(2, "CREATE TABLE b (x)")])
    assert tables(database) == {"a", "b", "migrations"}


def test_keys_from_before_they_had_names_have_none(tmp_path: Path) -> None:
    database = Sqlite(tmp_path / "a.sqlite")
    migrate(database, clock, migrations()[:5])
    with database.transaction():
        database.run("INSERT INTO studios VALUES ('s', 's', 1, 1, 1, 0)", {})
        database.run("INSERT INTO users VALUES ('u', 'u', 'u', 'U', 'u', 'curator', 's', 1, 1, 1, 0)", {})
        database.run("INSERT INTO keys VALUES ('k', 'user', 'u', 's', 0, NULL, x'00')", {})
    migrate(database, clock, migrations())
    assert database.all("SELECT key, name FROM keys", {}) == [{"key": "k", "name": ""}]


def test_a_step_that_fails_undoes_all_of_them(tmp_path: Path) -> None:
    database = Sqlite(tmp_path / "a.sqlite")
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, clock, [step(1, "CREATE TABLE a (x)"), step(2, "CREATE TABLE b (x);\nCREATE NONSENSE")])
    assert tables(database) == set()


def test_data_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    newer = sqlite3.connect(tmp_path / "gallery.sqlite")
    newer.execute("INSERT INTO migrations VALUES (99, '0099_future', 0)")
    newer.commit()
    newer.close()
    with pytest.raises(UnreadableData, match="newer version of OpenYX") as refused:
        open_store(tmp_path)
    assert "newer" in refused.value.hint


def test_the_steps_are_numbered_without_gaps() -> None:
    assert [each.number for each in migrations()] == list(range(1, len(migrations()) + 1))
    assert migrations()
