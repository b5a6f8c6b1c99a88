from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from openyx.errors import AskedWrongly, FolderInUse, UnreadableData
from openyx.store import DataFolder, open_store
from tests.stores import path_of

HOLD = """
import sys
from pathlib import Path
from openyx.store import DataFolder
with DataFolder(Path(sys.argv[1])).server_lock().held():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_server_is_told_the_process_of_the_first(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with first:
        assert first.stdout
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(FolderInUse, match=rf"another server \(process {first.pid}\)") as refused:
            folder.server_lock().acquire()
        assert refused.value.pid == first.pid
        first.kill()
    with folder.server_lock().held():
        assert (folder.path / "server.lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
def test_the_folder_and_its_key_are_for_the_owner_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        for name in ("secret.key", "gallery.sqlite", "gallery.sqlite-wal"):
            assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(UnreadableData, match=r"secret\.key is open to others \(mode 0640\)"):
        open_store(tmp_path)


def test_the_key_is_made_once(tmp_path: Path) -> None:
    with open_store(tmp_path):
        first = (tmp_path / "secret.key").read_bytes()
    with open_store(tmp_path):
        assert (tmp_path / "secret.key").read_bytes() == first
    assert len(first) == 32
    assert list(tmp_path.glob(".secret*")) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreadableData, match="file/data cannot be made"):
        open_store(tmp_path / "file" / "data")


def test_blobs_can_lie_elsewhere(tmp_path: Path) -> None:
    with open_store(tmp_path / "a", blobs=str(tmp_path / "shared")) as store:
        blob = store.blobs.add(b"file")
    with open_store(tmp_path / "b", blobs=str(tmp_path / "shared")) as store:
        assert path_of(store.blobs, blob.digest).read_bytes() == b"file"
    assert not (tmp_path / "a" / "blobs").exists()


def test_an_address_of_another_kind_of_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="oracle: is no database"):
        open_store(tmp_path, database="oracle://somewhere")
