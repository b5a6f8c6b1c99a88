"""Records on a medium that cannot be written are read from a copy, which is of one moment or is not made."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from tempfile import gettempdir

import pytest

from openyx.errors import Conflict, UnreadableData
from openyx.store.aside import Aside

Write = Callable[[], None]
COUNT = "SELECT COUNT(*) AS many FROM notes"


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gallery.sqlite"


@pytest.fixture
def write(file: Path) -> Generator[Write]:
    """Commits ten records by somebody who has the file open, and puts them into the file itself."""
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
        writer.execute("CREATE INDEX by_text ON notes (text)")

        def written() -> None:
            for _ in range(10):
                writer.execute("INSERT INTO notes (text) VALUES (hex(randomblob(2000)))")
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            writer.execute("INSERT INTO notes (text) VALUES (hex(randomblob(2000)))")

        written()
        yield written


def between_copies(monkeypatch: pytest.MonkeyPatch, write: Write, *, times: int) -> None:
    """Somebody writes once the file is copied and before its log is, so many times."""
    left = [write] * times
    usual = shutil.copyfile

    def copyfile(source: Path, to: Path) -> None:
        usual(source, to)
        if source.suffix == ".sqlite" and left:
            left.pop()()

    monkeypatch.setattr(shutil, "copyfile", copyfile)


def test_what_is_in_the_log_is_read_too(file: Path, write: Write) -> None:
    write()
    with closing(Aside(file)) as copy:
        assert copy.one(COUNT, {}) == {"many": 22}


def test_what_is_written_between_the_copies_is_copied_again(
    file: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    between_copies(monkeypatch, write, times=2)
    with closing(Aside(file)) as copy:
        assert copy.one(COUNT, {}) == {"many": 33}
        assert copy.damage() == []


def test_what_is_written_all_the_time_is_told(file: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    between_copies(monkeypatch, write, times=100)
    with pytest.raises(Conflict, match="is being written to"):
        Aside(file)
    assert list(Path(gettempdir()).iterdir()) == []


def test_a_copy_that_is_damaged_is_not_taken(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE notes (text TEXT)")
        writer.execute("INSERT INTO notes VALUES (hex(zeroblob(20000)))")
    content = file.read_bytes()
    file.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    with pytest.raises(UnreadableData, match="damaged"):
        Aside(file)
    assert list(Path(gettempdir()).iterdir()) == []


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(UnreadableData, match="cannot be read"):
        Aside(file)
