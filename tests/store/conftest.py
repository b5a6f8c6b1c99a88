"""A real store in a temporary folder, with a clock that goes when told to."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

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
def store(tmp_path: Path, clock: Clock) -> Generator[Store]:
    with opened(tmp_path / "data", clock=clock) as made:
        yield made


@pytest.fixture
def publish(store: Store) -> Callable[..., Published]:
    """Publishes a bare workflow of that name; the keywords change what is said of it."""

    def published(name: str, *, owner_id: str = "", public: bool = False, **version: object) -> Published:
        blob = store.blobs.add(name.encode())
        owner = owner_id or store.users.owner().id
        said = {"package_type": PackageType.MODULE, "file_name": f"{name}.yxmd", "name": name} | version
        new = NewVersion(digest=blob.digest, size=blob.size, **said)  # type: ignore[arg-type] # whatever a test says
        return store.workflows.publish(NewWorkflow(name=name, owner_id=owner, public=public), new, by=owner)

    return published
