"""Servers of several ages, galleries of both worlds, and a clock that moves only when somebody sleeps."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from openyx.client.gallery import AsyncGallery, Gallery
from openyx.client.options import Options
from tests.client.servers import AGES, KEY, SECRET, Server
from tests.client.servers import Gallery as Enacted

World = type[Gallery] | type[AsyncGallery]


@dataclass
class Time:
    """A clock that moves when somebody sleeps."""

    at: float = 1_700_000_000.0
    pauses: list[float] = field(default_factory=list[float])

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def options(time: Time) -> Options:
    return Options(
        clock=time.now, now=time.now, chance=lambda: 1.0, nonce=lambda: "ab12c", sleep=time.sleep, asleep=time.asleep
    )


@pytest.fixture(params=[Gallery, AsyncGallery], ids=["sync", "async"])
def world(request: pytest.FixtureRequest) -> World:
    """Both worlds in turn."""
    chosen: World = request.param
    return chosen


@pytest.fixture
def serve() -> Generator[Callable[..., Server]]:
    """Starts a server: ``serve(handle)``."""
    with ExitStack() as stack:

        def started(handle: Any, **more: Any) -> Server:
            server = Server(handle, **more)
            stack.callback(server.close)
            return server

        yield started


@dataclass
class Place:
    """A server of an age, with the world behind it."""

    server: Server
    behind: Enacted


@pytest.fixture
def of_age(serve: Callable[..., Server]) -> Callable[[str], Place]:
    """Starts a server of an age: ``of_age("2022")``."""

    def started(age: str) -> Place:
        behind = Enacted(AGES[age])
        return Place(serve(behind.handle), behind)

    return started


@pytest.fixture(params=list(AGES))
def place(request: pytest.FixtureRequest, of_age: Callable[[str], Place]) -> Place:
    """A server of each age in turn."""
    return of_age(request.param)


@pytest.fixture
async def connect(world: World, options: Options) -> AsyncGenerator[Callable[..., Any]]:
    """Makes a gallery of the world for a server; all are closed at the end."""
    made: list[Gallery | AsyncGallery] = []

    def connected(server: Server, key: str = KEY, secret: str = SECRET, **more: Any) -> Any:
        arguments: dict[str, Any] = {"url": server.url, "key": key, "secret": secret, "options": options, **more}
        gallery = world(**arguments)
        made.append(gallery)
        return gallery

    yield connected
    for gallery in made:
        await done(gallery.close())


async def done(value: Any) -> Any:
    """The value, whichever world it comes from."""
    return await value if inspect.isawaitable(value) else value


def inside(folder: Path) -> list[str]:
    """The names of what is in a folder."""
    return sorted(path.name for path in folder.iterdir())
