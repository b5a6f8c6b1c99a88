"""Files at an address of another file system: a real FTP server, and what has the properties of an object store."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.errors import AskedWrongly, MissingExtra, NotFound, StoreUnreachable
from openyx.store import Keep, NewVersion, NewWorkflow, PackageType, Published, Store, open_store, utc_now
from openyx.store.addresses import folder_of
from openyx.store.blobs import ABANDONED
from openyx.store.bucket import Bucket
from tests import objects
from tests.ftp import PASSWORD, Ftp, ftp_server
from tests.store.ages import LONG_AGO
from tests.store.lines import at_line
from tests.stores import database_of

CONTENT = b"what two upload"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@dataclass(frozen=True)
class Lying:
    """An address, and the folder in which what is put there can be looked at."""

    address: str
    folder: Path
    data: Path

    def opened(self, host: str = "data") -> Store:
        """The gallery, as a host opens it that has a data folder of its own."""
        folder = self.data / host
        return open_store(folder, database=database_of(folder), blobs=self.address)

    @property
    def files(self) -> list[Path]:
        """What is kept of blobs."""
        return sorted(self.folder.glob("??/*"))

    def age(self) -> None:
        """All was put there long ago."""
        for file in self.files:
            os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))


@pytest.fixture
def ftp(tmp_path: Path) -> Generator[Ftp]:
    with ftp_server(tmp_path / "ftp") as server:
        yield server


@pytest.fixture
def bucket(tmp_path: Path) -> Lying:
    folder = tmp_path / "bucket"
    folder.mkdir()
    return Lying(f"{objects.PROTOCOL}://{folder}", folder, tmp_path)


@pytest.fixture(params=["objects", "ftp"])
def lying(request: pytest.FixtureRequest, tmp_path: Path) -> Lying:
    if request.param == "objects":
        return request.getfixturevalue("bucket")  # type: ignore[no-any-return]  # whatever the fixture is
    server: Ftp = request.getfixturevalue("ftp")
    return Lying(server.address, server.folder / "gallery", tmp_path)


@pytest.fixture
def store(lying: Lying) -> Generator[Store]:
    with lying.opened() as made:
        yield made


def read(store: Store, digest: str) -> bytes:
    with store.blobs.open(digest) as file:
        return file.read()


def publish(store: Store, content: bytes = CONTENT) -> Published:
    """Publish a workflow as the server does: the blob first, then the record."""
    blob = store.blobs.add(content)
    owner = store.users.owner().id
    new = NewVersion(file_name="A.yxmd", digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, name="A")
    return store.workflows.publish(NewWorkflow(name="A", owner_id=owner), new, by=owner)


def forget(store: Store) -> None:
    with store.transaction():
        for table in ("versions", "workflows"):
            store._database.run(f"DELETE FROM {table}", {})


def test_what_is_kept_comes_back_byte_for_byte(store: Store, lying: Lying) -> None:
    content = bytes(range(256)) * 20_000
    blob = store.blobs.add(io.BytesIO(content))
    assert (blob.digest, blob.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert read(store, blob.digest) == content
    with store.blobs.lent(blob.digest) as path:
        assert path.read_bytes() == content
    assert list(store.folder.uploads.iterdir()) == []
    assert not (store.folder.path / "blobs").exists()
    assert [file.stat().st_size for file in lying.files] == [len(content)]


def test_a_file_is_read_from_any_place(store: Store) -> None:
    content = bytes(range(256)) * 20_000
    with store.blobs.open(store.blobs.add(content).digest) as file:
        assert file.seek(3_000_001) == 3_000_001
        assert file.read(5) == content[3_000_001:3_000_006]
        assert file.seek(-7, io.SEEK_END) == len(content) - 7
        assert file.read() == content[-7:]
        assert file.seek(1) == 1
        assert file.read(2) == content[1:3]


def test_hosts_share_it(lying: Lying) -> None:
    with lying.opened("one") as one, lying.opened("one") as another:
        assert read(another, one.blobs.add(CONTENT).digest) == CONTENT


def test_the_same_content_is_kept_once_and_is_young_again(store: Store, lying: Lying) -> None:
    store.blobs.add(CONTENT)
    lying.age()
    store.blobs.add(CONTENT)
    (kept,) = lying.files
    assert kept.stat().st_mtime > LONG_AGO.timestamp()
    assert read(store, DIGEST) == CONTENT


def test_who_reads_goes_on_when_the_same_content_comes_again(store: Store) -> None:
    content = bytes(range(256)) * 20_000
    with store.blobs.open(store.blobs.add(content).digest) as file:
        start = file.read(1000)
        store.blobs.add(content)
        assert start + file.read() == content


def test_a_worker_output_is_moved_in(store: Store) -> None:
    file = store.folder.work / "out.csv"
    file.write_bytes(CONTENT)
    assert store.blobs.adopt(file).digest == DIGEST
    assert not file.exists()
    assert read(store, DIGEST) == CONTENT


def test_what_was_cut_off_on_its_way_is_not_taken_for_whole(store: Store, lying: Lying) -> None:
    store.blobs.add(CONTENT)
    (kept,) = lying.files
    kept.write_bytes(CONTENT[:3])
    with pytest.raises(NotFound, match=DIGEST):
        store.blobs.open(DIGEST)
    store.blobs.add(CONTENT)
    assert read(store, DIGEST) == CONTENT


def test_the_files_of_a_folder_that_was_copied_there_are_known(store: Store, lying: Lying) -> None:
    shelf = lying.folder / DIGEST[:2]
    shelf.mkdir()
    (shelf / DIGEST[2:]).write_bytes(CONTENT)
    assert read(store, DIGEST) == CONTENT
    assert store.blobs.depot.on(DIGEST[:2]) == {DIGEST: len(CONTENT)}


def test_a_sweep_removes_what_is_old_and_unneeded_and_nothing_else(store: Store, lying: Lying) -> None:
    publish(store)
    alone = store.blobs.add(b"alone")
    lying.age()
    young = store.blobs.add(b"young")
    swept = store.retention.sweep(Keep())
    assert (swept.blobs, swept.bytes) == (1, 5)
    assert read(store, DIGEST) == CONTENT
    assert read(store, young.digest) == b"young"
    with pytest.raises(NotFound):
        store.blobs.open(alone.digest)


def test_its_clock_is_that_of_the_place(store: Store, lying: Lying) -> None:
    before = (lying.folder / ".gallery").stat().st_mtime
    assert before - 2 < store.blobs.depot.now().timestamp() < before + 600


@pytest.mark.parametrize("uploading", [True, False])
def test_what_is_uploaded_at_any_line_of_a_sweep_stays_and_the_other_way_round(bucket: Lying, uploading: bool) -> None:
    with bucket.opened() as store:
        number, lines = 0, 1
        while number < lines:
            number += 1
            store.blobs.add(CONTENT)
            bucket.age()

            def upload() -> None:
                publish(store)

            def sweep() -> None:
                store.retention.sweep(Keep())

            lines = at_line(number, upload, sweep) if uploading else at_line(number, sweep, upload)
            sweep()
            assert read(store, DIGEST) == CONTENT, f"line {number} of {lines}"
            forget(store)
        assert number > 40


def test_two_who_upload_the_same_at_any_line_of_each_other_both_have_it(bucket: Lying) -> None:
    with bucket.opened() as store:
        number, lines = 0, 1
        while number < lines:
            number += 1
            store.blobs.add(CONTENT)
            bucket.age()
            lines = at_line(number, lambda: publish(store), lambda: publish(store))
            store.retention.sweep(Keep())
            assert len(bucket.files) == 1
            assert read(store, DIGEST) == CONTENT, f"line {number} of {lines}"
            forget(store)
        assert number > 20


def test_many_upload_and_read_the_same_while_others_sweep(store: Store, lying: Lying) -> None:
    """Six threads, five rounds: contents that lie there old and unneeded come again, and are swept meanwhile."""
    contents = [b"content %d" % number for number in range(4)]
    wrong: list[object] = []

    def work(number: int) -> None:
        try:
            for content in contents:
                if number % 3:
                    published = publish(store, content).version.digest
                    assert read(store, published) == content
                else:
                    store.retention.sweep(Keep())
        except BaseException as error:
            wrong.append(error)
            raise

    store.users.owner()
    for _ in range(5):
        for content in contents:
            store.blobs.add(content)
        forget(store)
        lying.age()
        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert wrong == []
        store.retention.sweep(Keep())
        assert [read(store, hashlib.sha256(content).hexdigest()) for content in contents] == contents


def test_a_check_finds_what_is_missing_changed_and_unneeded(store: Store, lying: Lying) -> None:
    publish(store)
    assert list(store.checking.check(deep=True)) == []
    (kept,) = lying.files
    kept.write_bytes(CONTENT[::-1])
    alone = store.blobs.add(b"alone")
    lying.age()
    found = {each.rule: (each.what, each.text) for each in store.checking.check(deep=True)}
    assert found["file_is_whole"][0] == f"file {DIGEST}"
    assert found["file_is_whole"][1].startswith("its content is not what it was")
    assert found["file_is_needed"] == (f"file {alone.digest}", "no record speaks of its 5 bytes")
    kept.unlink()
    texts = {each.rule: each.text for each in store.checking.check(repair=True)}
    assert texts["file_is_whole"].startswith("it is missing")
    assert lying.files == []


def test_a_backup_of_it_is_a_folder(store: Store, tmp_path: Path) -> None:
    publish(store)
    done = store.backup.make(tmp_path / "copy")
    assert (done.files, done.bytes, done.missing) == (1, len(CONTENT), ())
    with open_store(tmp_path / "copy") as copy:
        assert read(copy, DIGEST) == CONTENT
        assert list(copy.checking.check(deep=True)) == []


def test_a_place_without_the_mark_of_the_gallery_is_not_taken_for_it(store: Store, lying: Lying) -> None:
    publish(store)
    assert store.readiness.ready()
    (lying.folder / ".gallery").unlink()
    with pytest.raises(StoreUnreachable, match="are not in"):
        store.blobs.add(b"another")
    with pytest.raises(StoreUnreachable, match="are not in"):
        store.blobs.open("0" * 64)
    (found,) = store.checking.check()
    assert (found.rule, found.repaired) == ("files_are_there", "")


def test_nobody_knows_how_much_room_it_has(store: Store) -> None:
    assert store.blobs.depot.disk() is None


def test_what_is_away_is_told_without_its_password_and_comes_back(ftp: Ftp, tmp_path: Path) -> None:
    lying = Lying(ftp.address, ftp.folder / "gallery", tmp_path)
    with lying.opened() as store:
        publish(store)
        reading = store.blobs.open(DIGEST)
        ftp.stop()
        file = store.folder.work / "out.csv"
        file.write_bytes(b"made")
        for call in (
            lambda: store.blobs.add(b"another"),
            lambda: store.blobs.adopt(file),
            lambda: store.blobs.open(DIGEST),
            lambda: store.blobs.open("0" * 64),
            lambda: store.mark.is_there,
            lambda: store.retention.sweep(Keep()),
            lambda: list(store.checking.check()),
            reading.read,
        ):
            with pytest.raises(StoreUnreachable, match=r"ftp://\*\*\*@127.0.0.1") as away:
                call()
            assert PASSWORD not in f"{away.value} {away.value.hint} {away.value.__cause__}"
            assert away.value.__suppress_context__
        assert not store.readiness.ready()
        with pytest.raises(StoreUnreachable):
            lying.opened("another")
        assert file.read_bytes() == b"made"
        ftp.start()
        assert read(store, DIGEST) == CONTENT
        assert reading.read() == CONTENT
        assert read(store, store.blobs.adopt(file).digest) == b"made"


def test_a_wrong_password_is_told_without_it(ftp: Ftp, tmp_path: Path) -> None:
    wrong = ftp.address.replace(PASSWORD, "another-word")
    with pytest.raises(StoreUnreachable, match="530") as refused:
        open_store(tmp_path / "data", blobs=wrong)
    assert "another-word" not in f"{refused.value}"


def test_an_upload_in_a_data_folder_that_was_cut_off_is_swept(bucket: Lying) -> None:
    with bucket.opened() as store:
        left = store.folder.uploads / "left"
        left.write_bytes(b"half")
        old = (utc_now() - ABANDONED - timedelta(hours=1)).timestamp()
        os.utime(left, (old, old))
        assert store.blobs.sweep() == 1


@pytest.mark.parametrize("times", [2, 1000])
@pytest.mark.parametrize("call", ["open", "fetch", "read"])
def test_what_is_listed_and_is_not_there_is_asked_for_a_few_times(
    bucket: Lying, monkeypatch: pytest.MonkeyPatch, call: str, times: int
) -> None:
    monkeypatch.setattr("openyx.store.reading._PAUSES", (0.0,) * 5)
    left = times

    def gone(path: str, *_: object, **__: object) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise FileNotFoundError(path)

    if call == "read":
        monkeypatch.setattr(Reopened, "gone", staticmethod(gone))
        monkeypatch.setattr(objects.Objects, "open", opened_anew)
    else:
        usual = objects._got

        def got(path: str) -> bytes:
            if DIGEST[2:] in path:
                gone(path)
            return usual(path)

        monkeypatch.setattr(objects, "_got", got)

    def fetched(store: Store) -> bytes:
        if call == "fetch":
            with store.blobs.lent(DIGEST) as file:
                return file.read_bytes()
        return read(store, DIGEST)

    with bucket.opened() as store:
        store.blobs.add(CONTENT)
        if times < 5:
            assert fetched(store) == CONTENT
        else:
            with pytest.raises(StoreUnreachable, match=r"is listed|lists the file"):
                fetched(store)


def opened_anew(_: objects.Objects, path: str, mode: str, **__: object) -> Reopened:
    assert mode == "rb"
    return Reopened(path)


class Reopened(io.BytesIO):
    """An object that is found to be gone only when it is read."""

    gone = staticmethod(print)

    def __init__(self, path: str) -> None:
        super().__init__(Path(path).read_bytes())

    def read(self, size: int | None = -1, /) -> bytes:
        """The content, once it is there."""
        self.gone("it")
        return super().read(size)


def test_a_place_that_does_not_tell_when_files_were_written_is_refused_at_the_start(tmp_path: Path) -> None:
    with ftp_server(tmp_path / "ftp", exact=False) as old:
        for _ in range(2):
            with pytest.raises(AskedWrongly, match="does not say when a file was written"):
                Lying(old.address, old.folder / "gallery", tmp_path).opened()
        assert not (old.folder / "gallery" / ".gallery").exists()


def test_a_place_that_tells_it_no_longer_is_refused_too(tmp_path: Path) -> None:
    with ftp_server(tmp_path / "ftp") as ftp, Lying(ftp.address, ftp.folder / "gallery", tmp_path).opened():
        pass
    with (
        ftp_server(tmp_path / "ftp", exact=False) as old,
        pytest.raises(AskedWrongly, match="does not say when a file was written"),
    ):
        Lying(old.address, old.folder / "gallery", tmp_path).opened()


@pytest.mark.system
def test_a_host_may_be_an_address_of_ipv6(tmp_path: Path) -> None:
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        pytest.skip("this host has no IPv6")
    with ftp_server(tmp_path / "ftp", host="::1") as server:
        assert "@[::1]:" in server.address
        with Lying(server.address, server.folder / "gallery", tmp_path).opened() as store:
            assert read(store, store.blobs.add(CONTENT).digest) == CONTENT


@pytest.mark.parametrize(
    "address", ["file://nas/gallery", "file:///srv/a#1", "file:///srv/a?b", "file://[::1", "file://", "file://./a"]
)
def test_an_address_of_a_file_names_a_folder_of_this_host_alone(tmp_path: Path, address: str) -> None:
    with pytest.raises(AskedWrongly, match="is no folder of this host"):
        open_store(tmp_path / "data", blobs=address)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:///srv/a", "/srv/a"),
        ("file://localhost/srv/a%23b", "/srv/a#b"),
        ("local:///srv/a", "/srv/a"),
        ("/srv/a#b?", "/srv/a#b?"),
    ],
)
def test_the_folder_of_an_address(address: str, path: str) -> None:
    assert folder_of(address) == Path(path)


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("nosuch://user:word@place", "no installed package knows nosuch://"),
        ("memory://place", "is no place that several processes share"),
        ("simplecache::ftp://user:word@host/x", "is no place that several processes share"),
    ],
)
def test_an_address_that_cannot_be_is_refused(tmp_path: Path, address: str, word: str) -> None:
    with pytest.raises(AskedWrongly, match=word) as refused:
        open_store(tmp_path, blobs=address)
    assert ":word" not in f"{refused.value}"
    assert list(tmp_path.iterdir()) == []


def test_the_package_that_an_address_needs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(AskedWrongly, match="gs:// needs a package") as refused:
        open_store(tmp_path, blobs="gs://bucket")
    assert "gcsfs" in refused.value.hint
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingExtra, match=r"\[blobs\]"):
        Bucket("gs://bucket")


def test_an_address_of_a_folder_is_that_folder(tmp_path: Path) -> None:
    with open_store(tmp_path / "data", blobs=(tmp_path / "shared").as_uri()) as store:
        store.blobs.add(CONTENT)
    assert (tmp_path / "shared" / DIGEST[:2] / DIGEST[2:]).read_bytes() == CONTENT
