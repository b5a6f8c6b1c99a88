"""What a dead child was writing beside the places of its outputs goes, whoever finds it; nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from openyx.store.folder import FileLock
from openyx.worker.beside import clear_beside, notes_of
from openyx.worker.folders import WorkFolder

KILLED = """
import os, signal, sys
from pathlib import Path
from openyx.formats.beside import NOTES, begin, beside
NOTES.keep_in(Path(sys.argv[1]))
for name in sys.argv[2:]:
    begin(beside(Path(name)))
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(child: Path, *outputs: Path) -> None:
    """A child of that folder dies while it writes those."""
    child.mkdir(parents=True)
    subprocess.run([sys.executable, "-c", KILLED, notes_of(child), *outputs], check=False)


def test_what_a_killed_worker_has_left_goes_with_its_folder(tmp_path: Path) -> None:
    work, shared = tmp_path / "work", tmp_path / "shared"
    shared.mkdir()
    work.mkdir()
    outputs = [shared / name for name in ("a.csv", "two\nlines.csv", "ö.csv")]
    (shared / ".a.csv.tmp-00000000").write_text("somebody else's")
    (shared / "a.csv").write_text("last month's")
    killed(work / "host-1" / "1", *outputs)
    assert len(list(shared.iterdir())) == 5
    lock = FileLock(work / "host-1.lock")
    own = WorkFolder(work)
    with lock.held():
        own.sweep()
        assert len(list(shared.iterdir())) == 5
    own.sweep()
    assert sorted(path.name for path in shared.iterdir()) == [".a.csv.tmp-00000000", "a.csv"]
    assert not (work / "host-1").exists()
    own.close()


def test_notes_that_cannot_be_read_keep_no_folder_and_no_worker(tmp_path: Path) -> None:
    dead = tmp_path / "host-1" / "1"
    notes_of(dead).mkdir(parents=True)  # reading it is an error of the file system
    (tmp_path / "host-1.lock").touch()
    own = WorkFolder(tmp_path)
    own.sweep()
    assert not dead.exists()
    own.close()


def test_only_names_that_such_files_have_are_removed(tmp_path: Path) -> None:
    kept = tmp_path / "important.csv"
    kept.write_text("x")
    cut_off = tmp_path / ".a.csv.tmp-0123abcd"
    cut_off.write_text("x")
    notes_of(tmp_path).write_bytes(os.fsencode(kept) + b"\0" + os.fsencode(cut_off))
    clear_beside(tmp_path)
    assert kept.exists()
    assert cut_off.exists()
