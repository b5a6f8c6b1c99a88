"""Files that are away are waited for: nothing is called missing, and nothing is put beside them."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.errors import NotFound, StoreUnreachable
from openyx.store import Keep, NewVersion, NewWorkflow, PackageType, Store, open_store, utc_now
from tests import objects
from tests.store.ages import LONG_AGO
from tests.stores import database_of, opened, path_of


def publish(store: Store) -> str:
    blob = store.blobs.add(b"workflow")
    owner = store.users.owner().id
    new = NewVersion(digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, file_name="A.yxmd", name="A")
    store.workflows.publish(NewWorkflow(name="A", owner_id=owner), new, by=owner)
    return blob.digest


def test_a_file_is_missing_only_where_the_others_are(store: Store) -> None:
    digest = publish(store)
    with pytest.raises(NotFound):
        path_of(store.blobs, "0" * 64)
    store.folder.blobs.rename(store.folder.path / "away")
    with pytest.raises(StoreUnreachable, match="are not in"):
        path_of(store.blobs, digest)
    assert not store.readiness.ready()
    (store.folder.path / "away").rename(store.folder.blobs)
    assert path_of(store.blobs, digest).read_bytes() == b"workflow"


def test_nothing_is_put_into_the_place_of_a_share_that_is_away(store: Store) -> None:
    publish(store)
    shutil.rmtree(store.folder.blobs)
    store.folder.blobs.mkdir()
    with pytest.raises(StoreUnreachable):
        store.blobs.add(b"another")
    assert list(store.folder.blobs.iterdir()) == []


def test_an_empty_folder_is_not_taken_for_the_files_of_a_gallery_that_has_some(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        digest = publish(store)
    (tmp_path / "blobs").rename(tmp_path / "away")
    with opened(tmp_path) as store:
        with pytest.raises(StoreUnreachable):
            path_of(store.blobs, digest)
        (found,) = store.checking.check()
        assert (found.rule, found.repaired) == ("files_are_there", "")


def test_files_without_a_mark_are_known_by_the_newest_of_them(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        digest = publish(store)
    (tmp_path / "blobs" / ".gallery").unlink()
    with opened(tmp_path) as store:
        assert path_of(store.blobs, digest).read_bytes() == b"workflow"
        assert store.mark.is_there


def test_the_files_of_another_gallery_are_not_taken(tmp_path: Path) -> None:
    later = utc_now() + timedelta(hours=1)
    with opened(tmp_path / "a") as one, opened(tmp_path / "b", clock=lambda: later) as other:
        shutil.copyfile(other.folder.blobs / ".gallery", one.folder.blobs / ".gallery")
        with pytest.raises(StoreUnreachable):
            one.blobs.add(b"x")


def test_a_repair_begins_anew_with_what_is_there(store: Store) -> None:
    publish(store)
    shutil.rmtree(store.folder.blobs)
    store.folder.blobs.mkdir()
    found = {finding.rule: finding.repaired for finding in store.checking.check(repair=True)}
    assert found == {"files_are_there": "marked", "file_is_whole": ""}
    assert store.blobs.add(b"another").size == 7


def test_a_folder_that_does_not_answer_is_away_and_not_without_a_mark(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(*_: object, **__: object) -> str:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    monkeypatch.setattr(Path, "read_text", stale)
    with pytest.raises(StoreUnreachable, match="cannot be reached: Stale file handle"):
        store.mark.make_where_sure()
    with pytest.raises(StoreUnreachable, match="cannot be reached"):
        list(store.checking.check(repair=True))


@pytest.fixture(params=["a shared folder", "an address"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """Where galleries could be told to keep their files, and the folder in which these lie."""
    folder = tmp_path / "shared"
    folder.mkdir()
    return (f"{objects.PROTOCOL}://{folder}" if request.param == "an address" else str(folder)), folder


def kept_in(folder: Path, *, blobs: str) -> Store:
    later = utc_now() + timedelta(hours=len(folder.name))  # each gallery is made at a time of its own
    return open_store(folder, database=database_of(folder), blobs=blobs, clock=lambda: later)


def files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def long_ago(folder: Path) -> None:
    for file in folder.rglob("*"):
        os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))


def test_the_files_of_another_gallery_are_neither_swept_nor_marked_nor_removed(
    tmp_path: Path, shared: tuple[str, Path]
) -> None:
    blobs, folder = shared
    with kept_in(tmp_path / "first", blobs=blobs) as store:
        digest = publish(store)
    long_ago(folder)
    before = files(folder)
    with kept_in(tmp_path / "another", blobs=blobs) as another:
        with pytest.raises(StoreUnreachable, match="are those of another gallery"):
            another.retention.sweep(Keep())
        for repair in (False, True):
            (found,) = another.checking.check(repair=repair)
            assert (found.rule, found.repaired) == ("files_are_there", "")
            assert "the mark of another gallery" in found.text
        with pytest.raises(StoreUnreachable, match="are those of another gallery"):
            another.mark.make()
    assert files(folder) == before
    with kept_in(tmp_path / "first", blobs=blobs) as store, store.blobs.open(digest) as file:
        assert file.read() == b"workflow"


def test_a_new_gallery_does_not_take_files_that_have_lost_their_mark(tmp_path: Path, shared: tuple[str, Path]) -> None:
    blobs, folder = shared
    with kept_in(tmp_path / "first", blobs=blobs) as store:
        publish(store)
    (folder / ".gallery").unlink()
    before = files(folder)
    with kept_in(tmp_path / "another", blobs=blobs) as another, pytest.raises(StoreUnreachable, match="are not in"):
        another.retention.sweep(Keep())
    assert files(folder) == before


def test_what_lies_in_a_folder_that_is_marked_stays_until_the_next_repair(
    tmp_path: Path, shared: tuple[str, Path]
) -> None:
    blobs, folder = shared
    with kept_in(tmp_path / "first", blobs=blobs) as store:
        alone = store.blobs.add(b"alone").digest
        long_ago(folder)
        (folder / ".gallery").unlink()
        found = {each.rule: each.repaired for each in store.checking.check(repair=True)}
        assert found == {"files_are_there": "marked", "file_is_needed": ""}
        assert store.blobs.depot.has(alone)
        assert [each.repaired for each in store.checking.check(repair=True)] == ["removed"]
        assert not store.blobs.depot.has(alone)
