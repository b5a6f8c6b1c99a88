"""The ASGI application: routes a request, lets its sender in, calls the handler in a thread, and answers."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import cache, partial
from importlib.metadata import version
from typing import TypeVar

from openyx.api.calls import Nothing, Part
from openyx.errors import BadRequest, Conflict, DiskFull, NotFound, NotLetIn, OpenYXError, StoreUnreachable
from openyx.logs import Events
from openyx.queue import Queue
from openyx.server import cors
from openyx.server.access import is_signed, let_in, still_in
from openyx.server.asked import Asked
from openyx.server.binding import Arguments, bound
from openyx.server.compat import Family
from openyx.server.door import Door
from openyx.server.exchange import Incoming, Reply
from openyx.server.failed_attempts import FailedAttempts
from openyx.server.failures import NotAMethod, away, broken, failure, status_of
from openyx.server.front import front
from openyx.server.handlers import Caller, Kind, Request
from openyx.server.intake import Elsewhere, Intake, Unprepared
from openyx.server.publishing import TEXTS
from openyx.server.receiving import Body, Disconnected, Receive
from openyx.server.replies import shown
from openyx.server.routes import Match, Route, Routes
from openyx.server.sending import ABORT, Message, Send, send_file
from openyx.server.settings import Settings
from openyx.server.uploads import Receiver
from openyx.store import Contended, Store

T = TypeVar("T")
ASGI = Callable[[Message, Receive, Send], Awaitable[None]]

events = Events("openyx.server")
_THREADS = 32
_LITTLE = 16 << 10


def build_app(store: Store, queue: Queue, settings: Settings | None = None) -> ASGI:
    """The gallery as an ASGI application over a store and its queue, which stay the caller's to close."""
    return _App(store, queue, settings or Settings())


class _App:
    def __init__(self, store: Store, queue: Queue, settings: Settings) -> None:
        self._store, self._queue, self._settings = store, queue, settings
        self._door = Door(store, settings, FailedAttempts(settings.limits.failures))
        self._routes = Routes(settings)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="openyx-server")
        self._intake = Intake(store)
        self._asked = Asked(store.blobs)
        self._version = version("openyx")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._exchange(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            phase = (await receive())["type"]
            if phase == "lifespan.shutdown":
                await self._intake.close()
                self._threads.shutdown()
            await send({"type": f"{phase}.complete"})
            if phase == "lifespan.shutdown":
                return

    async def _exchange(self, scope: Message, receive: Receive, send: Send) -> None:
        incoming = Incoming.of(scope)
        began = time.perf_counter()
        request_id = f"{random.getrandbits(64):016x}"
        try:
            reply = await self._reply(incoming, Body(incoming, receive, self._settings.limits))
        except (Disconnected, asyncio.CancelledError) as error:
            events.info("request left", request=request_id, method=incoming.method, path=incoming.path)
            if isinstance(error, asyncio.CancelledError):
                raise
            return
        except Exception as error:  # noqa: BLE001 - the edge of the process: whatever broke, the next request is served
            reply = self._failed(error, self._routes.family(incoming.path), incoming, request_id)
        told = {"request": request_id, "method": incoming.method, "path": incoming.path, "status": reply.status}
        took = round((time.perf_counter() - began) * 1000, 1)
        events.info("request", **{**told, "ms": took, **reply.notes})
        try:
            await self._send(reply, incoming, request_id, receive, send)
        except NotLetIn as error:
            events.info("cut off", request=request_id, path=incoming.path, reason=error.message)
            extensions: dict[str, Callable[[], None]] = scope.get("extensions") or {}
            abort = extensions.get(ABORT)
            if abort is None:
                raise
            abort()

    def _failed(self, error: Exception, family: Family, incoming: Incoming, request_id: str) -> Reply:
        if isinstance(error, DiskFull):
            events.failure("disk full", error, request=request_id, path=incoming.path)
            return failure(error, family)
        if isinstance(error, Contended):
            events.info("contended", request=request_id, path=incoming.path, reason=str(error))
            return failure(Conflict("Somebody else changed the same at the same moment.", hint="try it again"), family)
        if isinstance(error, StoreUnreachable):
            events.failure("store away", error, request=request_id, path=incoming.path)
            return away(family)
        if not isinstance(error, OpenYXError) or status_of(error) >= 500:
            events.failure("request broke", error, request=request_id, path=incoming.path)
            return broken(family, request_id)
        if isinstance(error, NotLetIn):
            events.info("not let in", request=request_id, peer=incoming.peer, reason=error.message)
        return failure(error, family)

    async def _reply(self, incoming: Incoming, body: Body) -> Reply:
        limits = self._settings.limits
        if incoming.query.count("&") >= limits.parameters:
            raise BadRequest(f"The query has more than {limits.parameters} parameters.", status=400)
        try:
            match = self._routes.match(incoming.method, incoming.path)
        except NotAMethod as error:
            if incoming.method == "OPTIONS":
                return cors.options(error.allowed)
            raise
        except NotFound:
            if page := front(incoming, self._settings, self._version):
                return page
            raise
        handler = match.route.handler
        if handler.kind is Kind.KNOWN:
            known: Reply = handler.function()
            return known
        if handler.kind is Kind.REPLY:
            content = await body.whole(limits.body) if handler.takes_body else b""
            return await self._in_thread(handler.function, self._store, incoming, content)
        if handler.kind is Kind.ADMISSION:
            return await self._in_thread(handler.function, self._door, incoming, await body.whole(limits.form))
        if handler.takes_parts:
            return await self._upload(incoming, match, body)
        content = await body.whole(limits.body) if handler.takes_body else b""
        if handler.kind is Kind.WRITTEN:
            return await self._written(incoming, match, content)
        return await self._in_thread(self._answer, incoming, match, content)

    async def _written(self, incoming: Incoming, match: Match, content: bytes) -> Reply:
        route, large = match.route, len(content) > _LITTLE
        enter: Callable[[], Caller] = partial(let_in, incoming, route, self._door)
        read: Callable[[], Arguments] = cache(partial(bound, route.handler, match.path, incoming, body=content))
        if is_signed(incoming, route.family, self._door):
            # A signature lets in once, and to write that down it may have to wait for others.
            caller = await self._in_thread(enter)
            enter = partial(still_in, caller, route, self._store)
        if large:  # nobody else waits while it is read, nor for who is not let in
            await self._in_thread(enter)
            await self._in_thread(read)
        while True:
            try:
                return await self._write(partial(self._record, enter, read, route), large=large)
            except Unprepared as wanted:
                await self._in_thread(wanted.prepare)
            except Elsewhere as known:
                return shown(await self._in_thread(known.record), self._settings.compat.hidden)

    async def _write(self, work: Callable[[], Reply], *, large: bool) -> Reply:
        if self._store.one_at_a_time:
            return await self._intake.reply(work, large=large)
        return await self._in_thread(partial(self._store.written, work))

    def _record(self, enter: Callable[[], Caller], read: Callable[[], Arguments], route: Route) -> Reply:
        request = self._request(enter(), route)
        positional, named = read()
        record = route.handler.function(request, *positional, **named)
        return replace(shown(record, self._settings.compat.hidden), notes=request.notes)

    async def _upload(self, incoming: Incoming, match: Match, body: Body) -> Reply:
        """Nothing of an upload is read before its sender is known, and nothing kept that is not known at the end."""
        caller = await self._in_thread(self._let_in, incoming, match.route)
        limits, kind = self._settings.limits, incoming.header("content-type")
        with Receiver(kind, self._store.blobs, limits, TEXTS) as receiver:
            async for portion in body.portions():
                await self._in_thread(receiver.feed, portion)
            parts = receiver.finish()
            await self._in_thread(still_in, caller, match.route, self._store)
            return await self._in_thread(self._call, caller, incoming, match, b"", parts)

    def _answer(self, incoming: Incoming, match: Match, content: bytes) -> Reply:
        return self._call(self._let_in(incoming, match.route), incoming, match, content, ())

    def _let_in(self, incoming: Incoming, route: Route) -> Caller:
        return let_in(incoming, route, self._door)

    def _call(self, caller: Caller, incoming: Incoming, match: Match, content: bytes, parts: tuple[Part, ...]) -> Reply:
        route = match.route
        positional, named = bound(route.handler, match.path, incoming, body=content, parts=parts)
        result = route.handler.function(self._request(caller, route), *positional, **named)
        if isinstance(result, Reply):
            return replace(result, recheck=partial(still_in, caller, route, self._store))
        return Reply() if isinstance(result, Nothing) else shown(result, self._settings.compat.hidden)

    def _request(self, caller: Caller, route: Route) -> Request:
        return Request(
            store=self._store,
            queue=self._queue,
            asked=self._asked,
            settings=self._settings,
            caller=caller,
            shape=self._settings.compat.shape(route.family),
        )

    async def _send(self, reply: Reply, incoming: Incoming, request_id: str, receive: Receive, send: Send) -> None:
        extra = [
            ("OpenYX-Version", self._version),
            ("X-Request-Id", request_id),
            ("X-Content-Type-Options", "nosniff"),
            *cors.headers(incoming, self._settings.origins),
        ]
        silent = incoming.method == "HEAD"
        with reply.file or nullcontext() as file:
            await send({"type": "http.response.start", "status": reply.status, "headers": reply.head(extra)})
            if file is None or silent:
                await send({"type": "http.response.body", "body": b"" if silent else reply.content})
                return

            async def read(size: int) -> bytes:
                return await self._in_thread(file.read, size)

            async def recheck() -> None:
                # While the store is away nobody can be shut out.
                with suppress(StoreUnreachable):
                    if reply.recheck:
                        await self._in_thread(reply.recheck)

            await send_file(read, reply.size, receive, send, recheck=recheck)

    async def _in_thread(self, function: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)
