"""Files at sftp://, on a real server: what is kept comes back, no connection stays."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from openyx.errors import StoreUnreachable
from openyx.store import Keep, Store, open_store
from tests.sftp import PASSWORD, Sftp, sftp_server
from tests.stores import database_of

CONTENT = bytes(range(256)) * 10_000
PATIENCE = 60


@pytest.fixture
def sftp(tmp_path: Path) -> Generator[Sftp]:
    with sftp_server(tmp_path / "sftp") as server:
        yield server


@pytest.fixture
def store(sftp: Sftp, tmp_path: Path) -> Generator[Store]:
    with open_store(tmp_path / "data", database=database_of(tmp_path / "data"), blobs=sftp.address) as made:
        yield made


def test_what_is_kept_comes_back_from_any_place_of_it(store: Store) -> None:
    digest = store.blobs.add(CONTENT).digest
    with store.blobs.open(digest) as file:
        assert file.read() == CONTENT
        assert file.seek(1_000_001) == 1_000_001
        assert file.read(5) == CONTENT[1_000_001:1_000_006]
    with store.blobs.lent(digest) as path:
        assert path.read_bytes() == CONTENT
    assert not store.blobs.depot.has("0" * 64)
    store.retention.sweep(Keep())
    assert store.blobs.depot.on(digest[:2]) == {digest: len(CONTENT)}


def test_no_connection_and_no_thread_stays(store: Store, sftp: Sftp) -> None:
    digest = store.blobs.add(CONTENT).digest
    for _ in range(20):
        assert store.blobs.depot.has(digest)
    with store.blobs.open(digest) as file:
        assert file.read() == CONTENT
    del file
    assert sftp.served > 20
    end = time.monotonic() + PATIENCE
    while sftp.connections or any("paramiko" in str(type(each)) for each in threading.enumerate()):
        assert time.monotonic() < end, f"{sftp.connections} connections of {sftp.served}"
        time.sleep(0.05)


def test_that_it_is_away_is_told_without_its_password(store: Store, sftp: Sftp) -> None:
    sftp.stop()
    with pytest.raises(StoreUnreachable, match=r"sftp://\*\*\*@127.0.0.1") as away:
        store.blobs.add(CONTENT)
    assert PASSWORD not in f"{away.value} {away.value.hint}"
