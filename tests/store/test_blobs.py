from __future__ import annotations

import hashlib
import io
import os
import tempfile
from pathlib import Path

import pytest

from openyx.errors import DiskFull, NotFound
from openyx.store import Blob, Blobs
from openyx.store.shelves import Shelves
from tests.stores import path_of

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def blobs(tmp_path: Path, beside: Path) -> Blobs:
    (tmp_path / "blobs").mkdir()
    return Blobs(Shelves(tmp_path / "blobs"), beside)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_blob_is_named_by_its_sha_256(blobs: Blobs) -> None:
    assert blobs.add(b"abc") == Blob(digest=ABC, size=3)
    assert path_of(blobs, ABC).read_bytes() == b"abc"


def test_the_same_content_is_kept_once(blobs: Blobs, tmp_path: Path) -> None:
    assert blobs.add(b"abc") == blobs.add(io.BytesIO(b"abc"))
    assert len(files(tmp_path)) == 1


def test_a_large_stream_comes_back_byte_for_byte(blobs: Blobs) -> None:
    content = bytes(range(256)) * 20_000
    blob = blobs.add(io.BytesIO(content))
    assert blob == Blob(digest=hashlib.sha256(content).hexdigest(), size=len(content))
    assert path_of(blobs, blob.digest).read_bytes() == content


def test_what_a_killed_process_had_begun_is_swept_away_and_nothing_else(blobs: Blobs, beside: Path) -> None:
    old, new = beside / "old", beside / "new"
    for file in (old, new):
        file.write_bytes(b"half")
    yesterday = new.stat().st_mtime - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    blobs.add(b"abc")
    blobs.sweep()
    assert files(beside) == [new]
    assert path_of(blobs, ABC).is_file()


def test_what_was_not_kept_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    with blobs.writer() as writer:
        writer.write(b"abc")
    assert files(tmp_path) == []


def test_what_is_received_can_be_looked_at_before_it_is_kept(blobs: Blobs) -> None:
    with blobs.writer() as writer:
        writer.write(b"ab")
        writer.write(b"c")
        assert writer.path.read_bytes() == b"abc"
        assert writer.keep().digest == ABC


def test_a_finished_file_is_moved_in(blobs: Blobs, beside: Path) -> None:
    file = beside / "out.csv"
    file.write_bytes(b"abc")
    assert blobs.adopt(file) == Blob(digest=ABC, size=3)
    assert not file.exists()
    assert path_of(blobs, ABC).read_bytes() == b"abc"


def test_a_file_from_elsewhere_is_copied(blobs: Blobs, beside: Path) -> None:
    file = beside / "out.csv"
    file.write_bytes(b"abc")
    assert blobs.copy(file) == Blob(digest=ABC, size=3)
    assert file.read_bytes() == b"abc"


def test_a_blob_that_was_cut_off_is_replaced_when_it_comes_again(blobs: Blobs) -> None:
    blobs.add(b"abc")
    path_of(blobs, ABC).write_bytes(b"a")
    blobs.add(b"abc")
    assert path_of(blobs, ABC).read_bytes() == b"abc"


def test_a_missing_blob_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound, match=ABC):
        blobs.open(ABC)


@pytest.mark.parametrize("digest", ["", "../secret.key", ABC.upper(), ABC + "0"])
def test_a_digest_cannot_leave_the_folder(blobs: Blobs, digest: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        path_of(blobs, digest)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_is_told_and_leaves_nothing(blobs: Blobs, beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = beside / "begun"

    def on_a_full_disk(**_: object) -> tuple[int, str]:
        begun.touch()
        return os.open("/dev/full", os.O_WRONLY), str(begun)

    monkeypatch.setattr(tempfile, "mkstemp", on_a_full_disk)
    for content in (b"fits into the buffer", b"x" * (1 << 20)):
        with pytest.raises(DiskFull, match="full"):
            blobs.add(content)
        assert not begun.exists()
