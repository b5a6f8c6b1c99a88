"""Galleries on loopback, each over a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openyx.queue import Queue
from openyx.server import Settings, build_app, compat, running
from openyx.server.app import ASGI
from openyx.store import KeyKind, Store
from tests.server.support import Address
from tests.stores import opened

Serve = Callable[..., Address]


class Stage:
    """One HTTP server for all tests: whoever stands on it answers. Starting a server for each would take minutes."""

    url: str
    app: ASGI

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                phase = (await receive())["type"]
                await send({"type": f"{phase}.complete"})
                if phase == "lifespan.shutdown":
                    return
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Generator[Stage]:
    """The server that all tests share."""
    shared = Stage()
    with running(shared) as shared.url:
        yield shared


@pytest.fixture
def serve(stage: Stage, tmp_path: Path) -> Generator[Serve]:
    """Serves a gallery with these settings: ``serve(compat="2019", origins=("http://a",))``.

    With limits it has a server of its own, which keeps them.
    """
    with ExitStack() as stack:

        def served(**settings: Any) -> Address:
            age = compat(settings.pop("compat", "2021.4"))
            chosen = Settings(compat=age, **settings)
            store = stack.enter_context(opened(tmp_path / f"data-{age.name}-{len(settings)}"))
            queue = Queue(store)
            stage.app = build_app(store, queue, chosen)
            own = "limits" in settings
            url = stack.enter_context(running(stage.app, limits=chosen.limits)) if own else stage.url
            studio, user = store.keys.create(KeyKind.STUDIO), store.keys.create(KeyKind.USER)
            http = stack.enter_context(httpx2.Client(timeout=20))
            return Address(url, store, queue, studio, user, http)

        yield served


@pytest.fixture
def gallery(serve: Serve) -> Address:
    """A gallery with the default settings."""
    return serve()


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    """A store of its own."""
    with opened(tmp_path / "data") as made:
        yield made
