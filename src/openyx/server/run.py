"""Runs the application on a socket: until it is told to stop, or in a thread beside its caller."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from types import FrameType
from typing import Any, cast

import uvicorn

from openyx.errors import AskedWrongly
from openyx.logs import Events
from openyx.queue import Queue
from openyx.server.app import ASGI, build_app
from openyx.server.protocol import limited
from openyx.server.settings import Limits, Settings
from openyx.store import Store

events = Events("openyx.server")

# So many may wait until they are accepted, and so many are accepted in a turn of the loop.
_BACKLOG = 128
_AT_A_TIME = 16
_KEEP_ALIVE = 75
_GRACE = 10


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. AskedWrongly when the port is taken or the address is not ours.

    >>> with listen("127.0.0.1", 0) as bound:
    ...     address(bound).startswith("http://127.0.0.1:")
    True
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise AskedWrongly(f"{host} is no address of this machine: {error.strerror}") from error
    family, kind, protocol, _, where = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        # Elsewhere this lets a server come back at once; on Windows it would let two servers share a port.
        if sys.platform == "win32":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(where)
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise _unbound(host, port, error) from error
    return bound


def address(bound: socket.socket) -> str:
    """The address of a listening socket, as one types it."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    store: Store,
    queue: Queue,
    bound: socket.socket,
    settings: Settings | None = None,
    *,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the gallery until SIGTERM or Ctrl-C; requests that are being answered are finished, for ten seconds.

    *announce* gets the line that says where it listens. A second signal ends it at once. The store, and the workers
    beside it, are the caller's to close when this returns.
    """
    settings = settings or Settings()
    store.blobs.sweep()
    server = _server(build_app(store, queue, settings), settings.limits)
    server.announced = lambda: announce(f"OpenYX gallery listening on {address(bound)}")
    with _stopping(server):
        server.run(sockets=[bound])


@contextmanager
def running(app: ASGI, *, limits: Limits | None = None, host: str = "127.0.0.1", port: int = 0) -> Generator[str]:
    """Serve an application in a thread while the block runs; its address."""
    bound = listen(host, port)
    server = _server(app, limits or Limits())
    ready = threading.Event()
    server.announced = ready.set
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="openyx-http", daemon=True)
    thread.start()
    try:
        if not ready.wait(30):
            raise RuntimeError("the server did not start")
        yield address(bound)
    finally:
        server.should_exit = True
        thread.join(_GRACE + 5)


class _Server(uvicorn.Server):
    """Uvicorn's server; signals are its caller's matter, and it tells when it listens."""

    announced: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(_BACKLOG)  # asyncio takes what it accepts at a time for what may wait
        if self.started:
            self.announced()

    def capture_signals(self) -> Any:
        return nullcontext()


def _server(app: ASGI, limits: Limits) -> _Server:
    limits = replace(limits, connections=_fewer(limits.connections))
    for name in ("uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return _Server(
        uvicorn.Config(
            cast("Any", app),
            http=cast("Any", limited(limits)),
            ws="none",
            loop="asyncio",  # another one may be installed, and cuts off who sends too much before it is told
            backlog=_AT_A_TIME,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_GRACE,
        )
    )


def _fewer(connections: int) -> int:
    """As many connections as the system lets this process have beside its files."""
    if sys.platform == "win32":
        return connections
    import resource

    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if allowed == resource.RLIM_INFINITY or _share(allowed) >= connections:
        return connections
    events.warning("fewer connections than wanted", wanted=connections, possible=_share(allowed), open_files=allowed)
    return _share(allowed)


def _share(files: int) -> int:
    """How many of the files that a process may have open are for connections.

    Who is one too many is counted and let go in the third turn of the loop after being accepted.
    """
    return max(8, (files - 3 * _AT_A_TIME) // 2)


@contextmanager
def _stopping(server: uvicorn.Server) -> Generator[None]:
    """End the server on SIGTERM and Ctrl-C while the block runs; in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unbound(host: str, port: int, error: OSError) -> AskedWrongly:
    if error.errno == errno.EADDRINUSE:
        return AskedWrongly(
            f"port {port} of {host} is in use", hint="choose another one with --port, or 0 for a free one"
        )
    if error.errno == errno.EACCES:
        return AskedWrongly(f"port {port} of {host} may not be used by this user", hint="choose one above 1023")
    return AskedWrongly(f"{host} port {port} cannot be listened on: {error.strerror}")
