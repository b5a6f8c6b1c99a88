"""Files that are away are waited for: nothing is called missing, and nothing is put beside them."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.errors import NotFound, StoreUnreachable
from openyx.store import NewVersion, NewWorkflow, PackageType, Store, utc_now
from tests.stores import opened, path_of


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
