"""The whole contract, performed by our client against our server: over loopback, and in process."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from openyx.queue import Queue
from openyx.server import Settings, build_app, running
from openyx.store import KeyKind, Store
from tests.conformance.scene import Scene, Standing
from tests.stores import opened


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    """A store of its own."""
    with opened(tmp_path / "data") as made:
        yield made


@pytest.fixture
def standing(store: Store) -> Generator[Standing]:
    """A gallery that is there both ways, with a key of each kind."""
    queue = Queue(store)
    app: Any = build_app(store, queue, Settings())
    with running(app) as url:
        yield Standing(
            url=url,
            app=app,
            store=store,
            queue=queue,
            keys={"oauth1": store.keys.create(KeyKind.STUDIO), "oauth2": store.keys.create(KeyKind.USER)},
        )


@pytest.fixture
def scene(standing: Standing) -> Scene:
    """What the calls are about: an app that was published, a job that ended well, one that waits."""
    return Scene.set_up(standing)
