"""What only a server can do: be away, be asked by many hosts, refuse what a file takes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from openyx.errors import AskedWrongly, StoreUnreachable
from openyx.store import KeyKind, NewVersion, NewWorkflow, PackageType, open_store
from openyx.store.database import Contended
from openyx.store.postgresql import Postgresql
from tests.stores import cut_off, database_of

pytestmark = pytest.mark.postgresql

OPEN = "import sys; from openyx.store import open_store; open_store(sys.argv[1], database=sys.argv[2]).close()"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return database_of(tmp_path)


@pytest.fixture
def database(url: str) -> Generator[Postgresql]:
    opened = Postgresql(url)
    with opened.transaction():
        opened.script("CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT)")
    yield opened
    opened.close()


def tried(database: Postgresql, cut: Callable[[], None]) -> None:
    with database.transaction():
        database.run("INSERT INTO t VALUES (1, 'a')", {})
        cut()
        database.run("INSERT INTO t VALUES (2, 'b')", {})


def test_a_connection_that_was_cut_while_idle_is_replaced(database: Postgresql, tmp_path: Path) -> None:
    assert database.all("SELECT x FROM t", {}) == []
    cut_off(tmp_path)
    assert database.all("SELECT x FROM t", {}) == []
    cut_off(tmp_path)
    assert database.run("INSERT INTO t VALUES (1, 'a')", {}) == 1
    assert database.all("SELECT x FROM t", {}) == [{"x": 1}]


def test_a_transaction_that_is_cut_leaves_nothing_and_says_so(database: Postgresql, tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable):
        tried(database, lambda: cut_off(tmp_path))
    assert database.all("SELECT x FROM t", {}) == []


def test_who_is_still_reading_when_it_is_closed_leaves_no_connection_open(database: Postgresql, url: str) -> None:
    other = Postgresql(url.replace("application_name=", "application_name=other_"))
    with other.snapshot():
        other.close()
    waiting = threading.Event()
    asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'other_' || :mine"
    (mine,) = database.all("SHOW application_name", {})
    while database.all(asked, {"mine": mine["application_name"]}):
        waiting.wait(0.01)


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    with pytest.raises(StoreUnreachable) as caught:
        Postgresql("postgresql://somebody:wolkenkuckuck@127.0.0.1:9/nothing")
    assert "cannot be reached" in caught.value.message
    assert "wolkenkuckuck" not in str(caught.value)


def test_another_kind_of_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="mysql: is no database"):
        open_store(tmp_path, database="mysql://host/name")


def test_the_same_record_twice_is_contended(database: Postgresql) -> None:
    database.run("INSERT INTO t VALUES (1, 'a')", {})
    with pytest.raises(Contended):
        database.run("INSERT INTO t VALUES (1, 'b')", {})
    assert database.all("SELECT y FROM t", {}) == [{"y": "a"}]


def test_what_text_cannot_hold_is_shown(database: Postgresql) -> None:
    database.run("INSERT INTO t VALUES (1, :y)", {"y": "a\0b 100% :x"})
    assert database.one("SELECT y FROM t WHERE y = :y", {"y": "a\N{SYMBOL FOR NULL}b 100% :x"}) is not None


def test_texts_are_ordered_by_their_characters(database: Postgresql) -> None:
    for x, y in enumerate(("b", "a", "B", "ä", "_")):
        database.run("INSERT INTO t VALUES (:x, :y)", {"x": x, "y": y})
    assert [row["y"] for row in database.all("SELECT y FROM t ORDER BY y", {})] == ["B", "_", "a", "b", "ä"]


def test_news_come_from_another_host_and_only_of_what_is_durable(database: Postgresql, url: str) -> None:
    other = Postgresql(url)
    before = database.changes()
    for x in range(20):
        with other.transaction(durable=False):
            other.run("INSERT INTO t VALUES (:x, 'a')", {"x": x})
    with other.transaction():
        other.run("INSERT INTO t VALUES (20, 'a')", {})
    other.close()
    heard = threading.Event()
    while database.changes() == before:
        heard.wait(0.01)
    # A server may tell of more than there was, but not of each.
    assert database.changes() < before + 20


def test_being_cut_off_is_news(database: Postgresql, tmp_path: Path) -> None:
    before = database.changes()
    cut_off(tmp_path)
    waiting = threading.Event()
    while database.changes() == before:
        waiting.wait(0.01)


def test_many_hosts_may_make_the_tables_at_once(tmp_path: Path, url: str) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path), url]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]


def test_a_worker_needs_no_key_file(tmp_path: Path, url: str) -> None:
    with open_store(tmp_path / "server", database=url) as store:
        key = store.keys.create(KeyKind.USER)
    with open_store(tmp_path / "worker", database=url, sealed=False) as store:
        assert store.keys.find(key.key.key) == key.key
        with pytest.raises(Exception, match="without its key file"):
            store.keys.authenticate(key.key.key, key.secret.reveal())


def test_two_threads_that_wait_for_each_other_do_not_wait_for_ever(database: Postgresql) -> None:
    for x in (1, 2):
        database.run("INSERT INTO t VALUES (:x, 'a')", {"x": x})
    both = threading.Barrier(2)
    ended: list[str] = []

    def change(first: int, second: int) -> None:
        try:
            with database.transaction():
                database.run("UPDATE t SET y = 'b' WHERE x = :x", {"x": first})
                both.wait()
                database.run("UPDATE t SET y = 'b' WHERE x = :x", {"x": second})
            ended.append("done")
        except Contended:
            ended.append("contended")

    threads = [threading.Thread(target=change, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["contended", "done"]


def test_versions_that_come_at_the_same_time_all_become_one(tmp_path: Path, url: str) -> None:
    with open_store(tmp_path, database=url) as store:
        owner = store.users.owner().id
        new = NewVersion(digest="0" * 64, size=1, package_type=PackageType.MODULE, file_name="A.yxmd", name="A")
        workflow = store.workflows.publish(NewWorkflow(name="A", owner_id=owner), new, by=owner).workflow
        failed: list[Exception] = []

        def add() -> None:
            try:
                for _ in range(10):
                    store.workflows.add_version(workflow.id, new, by=owner)
            except Exception as error:  # noqa: BLE001 - what it was is looked at
                failed.append(error)

        threads = [threading.Thread(target=add) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert [version.number for version in store.versions.of(workflow.id)] == list(range(1, 42))


def test_what_was_said_while_one_was_cut_off_is_news(database: Postgresql, url: str, tmp_path: Path) -> None:
    waiting = threading.Event()
    before = database.changes()
    cut_off(tmp_path)
    while database.changes() == before:
        waiting.wait(0.001)
    noticed = database.changes()
    other = Postgresql(url)
    with other.transaction():
        other.run("INSERT INTO t VALUES (1, 'a')", {})
    other.close()
    while database.changes() == noticed:
        waiting.wait(0.01)
