"""A sweep of blobs takes nothing that somebody needs: whoever comes between, however many, wherever it is killed."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx.errors import NotFound
from openyx.queue import Order, Queue
from openyx.store import (
    Blob,
    Disposition,
    JobQuery,
    Keep,
    NewOutput,
    NewVersion,
    NewWorkflow,
    PackageType,
    Published,
    Store,
)
from openyx.store.references import SHELVES
from tests.store.ages import LONG_AGO, age
from tests.store.lines import at_line
from tests.stores import SERVER, opened, path_of, shelves

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

CONTENT = b"what two upload"
DIGEST = hashlib.sha256(CONTENT).hexdigest()

KILLS = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def publish(store: Store, content: bytes) -> Published:
    """Publish a workflow as the server does: the blob first, then the record."""
    return recorded(store, store.blobs.add(content))


def recorded(store: Store, blob: Blob) -> Published:
    """The record of a workflow whose blob was kept before."""
    owner = store.users.owner().id
    new = NewVersion(file_name="A.yxmd", digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, name="A")
    return store.workflows.publish(NewWorkflow(name="A", owner_id=owner), new, by=owner)


def sweep(store: Store) -> None:
    store.retention.sweep(Keep())


def left_over(store: Store, content: bytes = CONTENT) -> None:
    """A blob that no record speaks of and that nobody has touched for years."""
    store.blobs.add(content)
    age(store)


def standing(store: Store) -> set[str]:
    """The blobs that are there."""
    return {digest for shelf in store.blobs.depot.names() for digest in store.blobs.depot.on(shelf)}


def forget(store: Store, made: Published) -> None:
    """The record of a workflow goes, and its blob has been there for years."""
    with store.transaction():
        store._database.run("DELETE FROM versions WHERE id = :id", {"id": made.version.id})
        store._database.run("DELETE FROM workflows WHERE id = :id", {"id": made.workflow.id})
    age(store)


def test_what_is_uploaded_at_any_line_of_a_sweep_stays(store: Store) -> None:
    number, lines = 0, 1
    while number < lines:
        number += 1
        left_over(store)
        made: list[Published] = []
        lines = at_line(number, lambda: made.append(publish(store, CONTENT)), lambda: sweep(store))  # noqa: B023 - called at once
        sweep(store)
        assert shelves(store.blobs).place(DIGEST).read_bytes() == CONTENT, f"line {number} of {lines}"
        assert store.blobs.depot.left() == []
        forget(store, made[0])
    assert number > 50


def test_what_is_uploaded_at_any_line_of_a_sweep_stays_also_when_its_record_comes_later(store: Store) -> None:
    number, lines = 0, 1
    while number < lines:
        number += 1
        left_over(store)
        kept: list[Blob] = []
        lines = at_line(number, lambda: kept.append(store.blobs.add(CONTENT)), lambda: sweep(store))  # noqa: B023 - called at once
        sweep(store)
        made = recorded(store, kept[0])
        assert shelves(store.blobs).place(DIGEST).read_bytes() == CONTENT, f"line {number} of {lines}"
        forget(store, made)
    assert number > 50


def test_a_sweep_at_any_line_of_an_upload_takes_nothing_of_it(store: Store) -> None:
    number, lines = 0, 1
    while number < lines:
        number += 1
        left_over(store)
        made: list[Published] = []
        lines = at_line(number, lambda: sweep(store), lambda: made.append(publish(store, CONTENT)))  # noqa: B023 - called at once
        assert path_of(store.blobs, DIGEST).read_bytes() == CONTENT, f"line {number} of {lines}"
        forget(store, made[0])
    assert number > 20


def test_a_second_sweep_at_any_line_of_a_sweep_changes_nothing(store: Store) -> None:
    kept = publish(store, b"kept")
    number, lines = 0, 1
    while number < lines:
        number += 1
        left_over(store)
        lines = at_line(number, lambda: sweep(store), lambda: sweep(store))
        assert store.blobs.depot.left() == []
        with pytest.raises(NotFound):
            path_of(store.blobs, DIGEST)
        assert path_of(store.blobs, kept.version.digest).read_bytes() == b"kept"
    assert number > 50


def test_a_reader_at_any_line_of_a_sweep_finds_what_was_uploaded_just_before(store: Store) -> None:
    """It was found old, came again, and is then moved aside: for that moment it is read from there."""
    number, lines = 0, 1
    while number < lines:
        number += 1
        left_over(store)
        made: list[Published] = []

        def upload_and_read() -> None:
            made.append(publish(store, CONTENT))  # noqa: B023 - called at once
            with store.blobs.open(DIGEST) as file:
                assert file.read() == CONTENT

        lines = at_line(number, upload_and_read, lambda: sweep(store))
        forget(store, made[0])


def test_what_is_aside_is_read_and_comes_back(store: Store) -> None:
    made = publish(store, CONTENT)
    age(store)
    assert shelves(store.blobs).set_aside(DIGEST)
    with store.blobs.open(DIGEST) as file:
        assert file.read() == CONTENT
    assert store.blobs.depot.left() == []
    forget(store, made)


def test_what_a_killed_sweep_left_aside_is_settled_by_the_next(store: Store) -> None:
    publish(store, b"needed")
    left_over(store)
    for content in (b"needed", CONTENT):
        assert shelves(store.blobs).set_aside(hashlib.sha256(content).hexdigest())
    sweep(store)
    assert store.blobs.depot.left() == []
    assert shelves(store.blobs).find(DIGEST) is None
    needed = shelves(store.blobs).place(hashlib.sha256(b"needed").hexdigest())
    assert needed.read_bytes() == b"needed"


def test_without_links_what_was_set_aside_comes_back_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    publish(store, CONTENT)
    aside = shelves(store.blobs).set_aside(DIGEST)
    assert aside
    assert store.blobs.depot.settle(aside, before=LONG_AGO, needed=lambda digest: True) is None
    assert shelves(store.blobs).place(DIGEST).read_bytes() == CONTENT
    assert store.blobs.depot.left() == []


def fill(store: Store, chance: random.Random) -> None:
    """What is to go (an ended job with outputs, a version that is not published, a blob alone) and what is to stay."""
    queue = Queue(store)
    workflow = publish(store, b"first %d" % chance.randrange(5))
    owner = workflow.workflow.owner_id
    queue.enqueue(Order(workflow_id=workflow.workflow.id, user_id=owner, answers={}))
    held = queue.claim("worker")
    assert held is not None
    outputs = [store.blobs.add(b"output %d" % chance.randrange(5)) for _ in range(3)]
    said = [NewOutput(name="a", formats=("Raw",), digest=blob.digest, size=blob.size) for blob in outputs]
    queue.finish(held, Disposition.SUCCESS, outputs=said)
    another = store.blobs.add(b"second %d" % chance.randrange(5))
    new = NewVersion(
        file_name="A.yxmd", digest=another.digest, size=another.size, package_type=PackageType.MODULE, name="A"
    )
    store.workflows.add_version(workflow.workflow.id, new, by=owner)
    store.blobs.add(b"alone %d" % chance.randrange(5))
    with store.blobs.writer() as writer:
        writer.write(b"an upload that was cut off")
        os.link(writer.path, writer.path.with_name(f"cut-{chance.random()}"))
    age(store)


def killed(folder: Path, number: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.store.killed", str(folder), str(number)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OPENYX_TEST_DATABASE": SERVER}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("seed", [11])
def test_a_sweep_that_is_killed_anywhere_loses_nothing_and_the_next_one_goes_on(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with opened(folder) as store:
        fill(store, chance)
        whole = killed(folder, 0)
        lines = int(whole.stdout)
        for _ in range(KILLS):
            fill(store, chance)
            done = killed(folder, chance.randint(1, lines))
            assert done.returncode == -signal.SIGKILL, done.stderr
            for shelf in SHELVES:
                for digest, size in store.references.on(shelf).items():
                    assert shelves(store.blobs).find(digest), f"{digest} of {store.references.holders(digest)}"
                    assert path_of(store.blobs, digest).stat().st_size == size
        age(store)
        assert killed(folder, 0).returncode == 0
        assert [job for job in store.jobs.list(JobQuery()) if job.over] == []
        assert standing(store) == {digest for shelf in SHELVES for digest in store.references.on(shelf)}
        assert store.blobs.depot.left() == []
        assert list(store.folder.uploads.iterdir()) == []


CONTENTS = [b"content %d" % number for number in range(24)]


def test_many_processes_upload_what_many_sweep(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five rounds: two sweeps and four uploads of the same contents, that lie there old and unneeded, at once."""
    rounds, sweepers, uploaders = 5, 2, 4
    monkeypatch.setenv("OPENYX_TEST_DATABASE", SERVER)
    process = multiprocessing.get_context("spawn")
    begin, end = process.Barrier(sweepers + uploaders + 1), process.Barrier(sweepers + uploaders + 1)
    with opened(folder) as store:
        store.users.owner()
        crew = [
            process.Process(target=_round_after_round, args=(folder, number, rounds, begin, end, number < sweepers))
            for number in range(sweepers + uploaders)
        ]
        for each in crew:
            each.start()
        try:
            for number in range(rounds):
                for content in CONTENTS:
                    store.blobs.add(content)
                with store.transaction():
                    for table in ("versions", "workflows"):
                        store._database.run(f"DELETE FROM {table}", {})
                age(store)
                begin.wait(120)
                end.wait(120)
                known = {digest for shelf in store.blobs.depot.names() for digest in store.references.on(shelf)}
                assert known == {hashlib.sha256(content).hexdigest() for content in CONTENTS[number % 3 :: 3]}
                for content in CONTENTS[number % 3 :: 3]:
                    assert path_of(store.blobs, hashlib.sha256(content).hexdigest()).read_bytes() == content
                sweep(store)
                assert store.blobs.depot.left() == []
                assert {
                    digest for shelf in store.blobs.depot.names() for digest in store.blobs.depot.on(shelf)
                } == known
        finally:
            for each in crew:
                each.kill() if sys.exc_info()[0] else each.join(120)
    assert [each.exitcode for each in crew] == [0] * len(crew)


def _round_after_round(folder: Path, number: int, rounds: int, begin: Barrier, end: Barrier, is_sweeper: bool) -> None:
    with opened(folder) as store:
        chance = random.Random(number)
        for turn in range(rounds):
            begin.wait(120)
            if is_sweeper:
                sweep(store)
            else:
                mine = CONTENTS[turn % 3 :: 3]
                for blob in [store.blobs.add(content) for content in chance.sample(mine, len(mine))]:
                    recorded(store, blob)
            end.wait(120)
