"""A real store, and a real worker whose children run a small program that does what the answers say."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.document import pack
from openyx.queue import Order, Queue, Watch
from openyx.store import Job, NewVersion, NewWorkflow, PackageType, Store
from openyx.worker.worker import Worker
from tests.stores import opened

WORKFLOW = b"<AlteryxDocument><Nodes/></AlteryxDocument>"
PROGRAM = (sys.executable, "-S", str(Path(__file__).parent / "program.py"))
PATIENCE = 60.0

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., "Generator[Worker]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Generator[Store]:
    with opened(folder) as made:
        yield made


@pytest.fixture
def queue(store: Store) -> Queue:
    return Queue(store)


@pytest.fixture
def start(store: Store, queue: Queue) -> Start:
    """Queues a job whose answers tell the program what to do; the keywords change what is said of the version."""

    def started(do: str, *, content: bytes = WORKFLOW, entry: str = "", **answers: str) -> Job:
        blob = store.blobs.add(content)
        owner = store.users.owner().id
        version = NewVersion(
            file_name="A.yxmd",
            entry=entry,
            digest=blob.digest,
            size=blob.size,
            package_type=PackageType.MODULE,
            name="A",
        )
        workflow = store.workflows.publish(NewWorkflow(name="A", owner_id=owner), version, by=owner).workflow
        return queue.enqueue(Order(workflow_id=workflow.id, user_id=owner, answers={"do": do, **answers}))

    return started


@pytest.fixture
def until(store: Store) -> Until:
    """Waits until a job is as it should be."""
    watch = Watch(store)

    def waited(job_id: str, condition: Callable[[Job], bool]) -> Job:
        end = time.monotonic() + PATIENCE
        while not condition(job := store.jobs.find(job_id)):
            assert time.monotonic() < end, f"still {job}"
            watch.wait(0.2)  # not all that a run says is news to everybody
        return job

    return waited


@pytest.fixture
def working(store: Store) -> Callable[..., object]:
    """Runs a worker for the length of a block."""

    @contextmanager
    def run(**settings: object) -> Generator[Worker]:
        usual = {"program": PROGRAM, "grace": 0.0, "queue": Queue(store, lease=timedelta(seconds=30))}
        worker = Worker(store, **usual | settings)  # type: ignore[arg-type] # whatever a test says
        stop = threading.Event()
        thread = threading.Thread(target=worker.work, args=(stop,))
        thread.start()
        try:
            yield worker
        finally:
            stop.set()
            thread.join()

    return run


@pytest.fixture
def package() -> bytes:
    return pack(WORKFLOW, "inner.yxmd")
