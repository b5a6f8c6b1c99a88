"""A real queue on a real store in a temporary folder, with a clock that goes when told to."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path

import pytest

from openyx.queue import Order, Queue
from openyx.store import NewVersion, NewWorkflow, PackageType, Published, Store
from tests.clock import Clock
from tests.stores import opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def advance(clock: Clock) -> Callable[..., None]:
    """Moves the clock: ``advance(minutes=15)``."""
    return clock.advance


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path, clock: Clock) -> Generator[Store]:
    with opened(folder, clock=clock) as made:
        yield made


@pytest.fixture
def queue(store: Store, clock: Clock) -> Queue:
    """Its stopwatch goes with the clock."""
    return Queue(store, lease=timedelta(seconds=30), stopwatch=lambda: clock().timestamp())


@pytest.fixture
def publish(store: Store) -> Callable[..., Published]:
    """Publishes a bare workflow; the keywords change what is said of it."""

    def published(**version: object) -> Published:
        blob = store.blobs.add(b"workflow")
        owner = store.users.owner().id
        said = {"package_type": PackageType.MODULE, "file_name": "A.yxmd", "name": "A"} | version
        new = NewVersion(digest=blob.digest, size=blob.size, **said)  # type: ignore[arg-type] # whatever a test says
        return store.workflows.publish(NewWorkflow(name="A", owner_id=owner), new, by=owner)

    return published


@pytest.fixture
def order(publish: Callable[..., Published]) -> Order:
    """A run of a published workflow."""
    workflow = publish().workflow
    return Order(workflow_id=workflow.id, user_id=workflow.owner_id, answers={"Region": "East"})
