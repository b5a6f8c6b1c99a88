from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from openyx.store import Store


def worker(folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "openyx.worker", "--data", str(folder), *more],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def events(process: subprocess.Popen[str], last: str) -> list[str]:
    """What it logs up to that event; the log is JSON lines where nobody looks."""
    assert process.stderr
    seen: list[str] = []
    while last not in seen:
        line = process.stderr.readline()
        assert line, seen
        seen.append(json.loads(line)["event"])
    return seen


@pytest.mark.parametrize("tied", [(), ("--tied",)], ids=["alone", "tied"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_by_a_signal(tmp_path: Path, number: signal.Signals, tied: tuple[str, ...]) -> None:
    with worker(tmp_path, "--slots", "2", *tied) as process:
        events(process, "worker ready")
        process.send_signal(number)
        assert events(process, "worker done") == ["worker stops", "worker done"]
    assert process.returncode == 0
    assert list((tmp_path / "work").iterdir()) == []


def test_a_tied_worker_ends_with_its_parent(tmp_path: Path) -> None:
    with worker(tmp_path, "--tied") as process:
        events(process, "worker ready")
        assert process.stdin
        process.stdin.close()
        assert events(process, "worker done") == ["worker stops", "worker done"]
    assert process.returncode == 0
    assert list((tmp_path / "work").iterdir()) == []


def test_a_worker_does_not_load_the_engine(tmp_path: Path) -> None:
    look = "import sys, openyx.worker.main; print([m for m in ('polars', 'openyx.engine') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", look], text=True) == "[]\n"


@pytest.mark.sqlite
def test_data_of_a_newer_version_ends_it_with_a_clear_word(tmp_path: Path, store: Store, folder: Path) -> None:
    newer = sqlite3.connect(folder / "gallery.sqlite")
    newer.execute("INSERT INTO migrations VALUES (99, '0099_future', 0)")
    newer.commit()
    newer.close()
    with worker(folder) as process:
        assert process.stderr
        said = process.stderr.read()
    assert process.returncode == 2
    assert "newer version of OpenYX" in said
    assert "Traceback" not in said
