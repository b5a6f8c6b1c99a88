"""A real store in a temporary folder, with a clock that goes when told to."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openyx.store import NewVersion, NewWorkflow, PackageType, Published, Store, open_store


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def advance(clock: Clock) -> Callable[..., None]:
    """Moves the clock: ``advance(minutes=15)``."""
    return clock.advance


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Generator[Store]:
    with open_store(tmp_path / "data", clock=clock) as opened:
        yield opened


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
