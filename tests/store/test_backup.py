"""A backup is a gallery: of one moment, whole or not there, whatever goes on meanwhile."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import stat
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from openyx.errors import AskedWrongly, FolderInUse, LeaseLost, UnreadableData
from openyx.messages import Kind, Message
from openyx.queue import Order, Queue
from openyx.store import (
    Contended,
    Disposition,
    FileLock,
    JobQuery,
    Keep,
    KeyKind,
    NewOutput,
    Published,
    State,
    Store,
    WorkerRecord,
    open_store,
)
from tests.store.ages import age
from tests.store.lines import at_line
from tests.stores import SERVER, path_of

Publish = Callable[..., Published]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "backup"


def ended(store: Store, workflow: Published, content: bytes) -> str:
    """A job that has run to its end; its id."""
    queue = Queue(store)
    owner = workflow.workflow.owner_id
    job = queue.enqueue(Order(workflow_id=workflow.workflow.id, user_id=owner, answers={"Region": "Ost\nÄ"}))
    held = queue.claim("worker")
    assert held is not None
    queue.start(held)
    blob = store.blobs.add(content)
    output = NewOutput(name="a", formats=("Raw",), digest=blob.digest, size=blob.size)
    said = [Message(kind=Kind.INFO, text="done", tool=3)]
    queue.finish(held, Disposition.SUCCESS, messages=said, outputs=[output])
    return job.id


def all_of(store: Store, table: str) -> list[dict[str, Any]]:
    return sorted((dict(row) for row in store._database.all(f"SELECT * FROM {table}", {})), key=str)


TABLES = ("studios", "users", "keys", "tokens", "nonces", "workflows", "versions", "jobs", "attempts", "messages")


def test_a_copy_holds_every_record_every_file_and_the_key_file(store: Store, publish: Publish, into: Path) -> None:
    made = store.keys.create(KeyKind.USER)
    token = store.tokens.issue(made.key)
    store.nonces.use("key", "1", "nonce")
    workflow = publish("Größe \N{GRINNING FACE}")
    job = ended(store, workflow, b"output")
    store.blobs.add(b"no record speaks of it")
    done = store.backup.make(into)
    assert (done.files, done.bytes, done.missing) == (2, len("Größe \N{GRINNING FACE}".encode()) + 6, ())
    assert stat.S_IMODE((into / "secret.key").stat().st_mode) == 0o600
    with open_store(into, clock=store.clock) as copy:
        assert copy.database == "SQLite"
        for table in (*TABLES, "outputs"):
            assert all_of(copy, table) == all_of(store, table), table
        valid = copy.keys.valid(made.key.key)
        assert valid is not None
        assert valid.secret.reveal() == made.secret.reveal()
        holder = copy.tokens.holder(token.text.reveal())
        assert holder is not None
        assert holder.key == made.key
        assert path_of(copy.blobs, copy.outputs.of(job)[0].digest).read_bytes() == b"output"
        assert {digest for shelf in copy.blobs.depot.names() for digest in copy.blobs.depot.on(shelf)} == {
            workflow.version.digest,
            hashlib.sha256(b"output").hexdigest(),
        }
        assert list(copy.checking.check(deep=True)) == []
        assert Queue(copy).enqueue(Order(workflow_id=workflow.workflow.id, user_id=made.key.user_id, answers={}))
    assert sorted(path.name for path in into.parent.iterdir() if path.name.startswith(".")) == []


def test_every_table_that_there_is_is_copied(store: Store, into: Path) -> None:
    store.backup.make(into)
    with open_store(into) as copy:
        found = {row["name"] for row in copy._database.all("SELECT name FROM sqlite_master WHERE type = 'table'", {})}
    known = {*TABLES, "outputs", "removed", "workers", "migrations", "sqlite_sequence"}
    assert found <= known, "a new table: see that its records are copied, and name it here"


def test_who_works_at_the_gallery_does_not_work_at_its_copy(store: Store, into: Path) -> None:
    at = store.clock()
    store.workers.beat(WorkerRecord(name="w", host="h", pid=1, slots=1, started_at=at, heartbeat_at=at))
    store.backup.make(into)
    with open_store(into) as copy:
        assert copy.workers.list() == []


def test_more_records_than_are_read_at_once_are_copied(
    store: Store, publish: Publish, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openyx.store.backup._PAGE", 3)
    workflow = publish("A")
    for number in range(10):
        ended(store, workflow, b"%d" % number)
    store.backup.make(into)
    with open_store(into) as copy:
        for table in (*TABLES, "outputs"):
            assert all_of(copy, table) == all_of(store, table), table


@contextmanager
def writing(store: Store, workflow: Published, writers: int) -> Generator[dict[str, set[State]]]:
    """So many threads that enqueue, claim, finish and cancel jobs; which states each job was in."""
    had: dict[str, set[State]] = defaultdict(set)
    over, begun = threading.Event(), threading.Semaphore(0)
    troubles: list[BaseException] = []

    def write(number: int) -> None:
        chance, queue = random.Random(number), Queue(store)
        owner = store.users.owner()
        try:
            while not over.is_set():
                try:
                    write_once(chance, queue, owner)
                except (LeaseLost, Contended):  # another writer was faster
                    continue
                finally:
                    begun.release()
        except BaseException as trouble:
            troubles.append(trouble)
            raise

    def write_once(chance: random.Random, queue: Queue, owner: Any) -> None:
        order = Order(workflow_id=workflow.workflow.id, user_id=owner.id, answers={})
        asked = queue.enqueue(order)
        had[asked.id].add(asked.state)
        if chance.random() < 0.2:
            had[asked.id].add(queue.cancel(asked.id, by=owner).state)
        held = queue.claim(f"worker {threading.get_ident()}")
        if held is None:
            return
        had[held.id].add(held.state)
        had[held.id].add(queue.start(held).state)
        blob = store.blobs.add(b"%d" % chance.randrange(1000))
        output = NewOutput(name="a", formats=("Raw",), digest=blob.digest, size=blob.size)
        had[held.id].add(queue.finish(held, Disposition.SUCCESS, outputs=[output]).state)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(writers):
            assert begun.acquire(timeout=60)
        yield had
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert troubles == []


def test_a_copy_that_is_taken_while_twenty_write_is_of_one_moment(store: Store, publish: Publish, into: Path) -> None:
    workflow = publish("A")
    with writing(store, workflow, 20) as had:
        for number in range(2):
            store.backup.make(into / str(number))
    seen = 0
    for number in range(2):
        with open_store(into / str(number), clock=store.clock) as copy:
            assert list(copy.checking.check(deep=True)) == []
            jobs = copy.jobs.list(JobQuery())
            assert len(jobs) >= seen
            seen = len(jobs)
            for job in jobs:
                assert job.state in had[job.id]
                assert job.over or job.state is State.QUEUED or len(copy.attempts.of(job.id)) == 1
    assert seen > 0


@pytest.mark.parametrize("seed", [11])
def test_files_that_go_while_they_are_copied_go_from_the_records_too(
    store: Store, publish: Publish, into: Path, seed: int
) -> None:
    """A sweep between any two lines of a backup: the copy has the job with its file, or without."""
    workflow, chance = publish("A"), random.Random(seed)

    def sweep() -> None:
        thread = threading.Thread(target=lambda: store.retention.sweep(Keep(output_bytes=0)))
        thread.start()
        thread.join()

    def copied(number: int) -> tuple[int, int]:
        """A backup with a sweep before that line: how many lines it has, how many outputs are in it."""
        ended(store, workflow, b"output")
        age(store)
        copy = into / str(number)
        lines = at_line(number, sweep, lambda: store.backup.make(copy))
        with open_store(copy, clock=store.clock) as opened:
            assert list(opened.checking.check(deep=True)) == [], f"line {number} of {lines}"
            outputs = len(all_of(opened, "outputs"))
        sweep()
        return lines, outputs

    lines, outputs = copied(0)
    assert outputs == 1
    assert {copied(number)[1] for number in chance.sample(range(1, lines), 25)} == {0, 1}


def test_a_file_that_the_gallery_itself_has_not_is_told(store: Store, publish: Publish, into: Path) -> None:
    publish("whole")
    missing, changed = publish("missing").version.digest, publish("changed").version.digest
    path_of(store.blobs, missing).unlink()
    path_of(store.blobs, changed).write_bytes(b"chanced")
    done = store.backup.make(into)
    assert set(done.missing) == {missing, changed}
    assert done.files == 1


@pytest.mark.parametrize("place", ["copy", "blobs/copy", "work/../copy/deep"])
def test_a_folder_in_the_gallery_itself_is_refused(store: Store, place: str) -> None:
    with pytest.raises(AskedWrongly, match="lies in the gallery itself"):
        store.backup.make(store.folder.path / place)
    assert not (store.folder.path / "copy").exists()


def test_a_folder_that_is_not_empty_is_refused(store: Store, into: Path) -> None:
    into.mkdir()
    store.backup.make(into)
    before = sorted(path.name for path in into.iterdir())
    with pytest.raises(AskedWrongly, match="not an empty folder"):
        store.backup.make(into)
    assert sorted(path.name for path in into.iterdir()) == before


def test_two_backups_do_not_fill_one_folder(store: Store, into: Path) -> None:
    with FileLock(into.with_name(".backup.lock")).held(), pytest.raises(FolderInUse, match="another backup"):
        store.backup.make(into)


def test_a_backup_that_fails_leaves_nothing(store: Store, publish: Publish, into: Path) -> None:
    publish("A")
    (store.folder.path / "secret.key").unlink()
    before = sorted(into.parent.iterdir())
    with pytest.raises(UnreadableData, match=r"secret\.key"):
        store.backup.make(into)
    assert sorted(into.parent.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("seed", [11])
def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(
    store: Store, publish: Publish, into: Path, seed: int
) -> None:
    workflow = publish("A")
    ended(store, workflow, b"output")
    chance = random.Random(seed)
    lines = int(_killed(store, 0, into.with_name("whole")).stdout)
    for _ in range(8):
        done = _killed(store, chance.randint(1, lines), into)
        assert done.returncode == -signal.SIGKILL, done.stderr
        if into.exists():  # killed when all was done but the last sync
            with open_store(into, clock=store.clock) as copy:
                assert list(copy.checking.check(deep=True)) == []
            into.rename(into.with_name(f"whole-{chance.random()}"))
    store.backup.make(into)
    assert not into.with_name(".backup.partial").exists()


def _killed(store: Store, number: int, into: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.store.killed", str(store.folder.path), str(number), str(into)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OPENYX_TEST_DATABASE": SERVER}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env)


def test_nothing_is_written_in_a_snapshot_and_others_are_not_seen(store: Store, publish: Publish) -> None:
    publish("A")
    owner = store.users.owner().id
    with store._database.snapshot():
        before = len(store.users.list())
        thread = threading.Thread(target=lambda: publish("B", owner_id=owner))
        thread.start()
        thread.join(60)
        assert [found.workflow.name for found in store.workflows.list(_anything())] == ["A"]
        with pytest.raises(Exception, match=r"read.?only"):
            store.studios.create("C")
    assert len(store.users.list()) == before
    assert len(store.workflows.list(_anything())) == 2
    store.studios.create("C")
    with store.transaction(), pytest.raises(RuntimeError), store._database.snapshot():
        pass


def _anything() -> Any:
    from openyx.store import WorkflowQuery

    return WorkflowQuery()
