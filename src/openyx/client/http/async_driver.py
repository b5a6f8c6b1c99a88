"""The asynchronous driver: the blocking one, awaited; they differ in nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeVar, cast

import httpx2

from openyx.api.calls import Call, Flow, Pages, Sleep, Step
from openyx.client.http import problems, transport
from openyx.client.http.exchange import Exclusively, Reply, Transmit
from openyx.client.session import Session
from openyx.errors import OpenYXError

T = TypeVar("T")


class AsyncDriver:
    """Performs flows in the running loop."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._options = session.options
        self._timeouts = session.access.timeouts
        self._ways: dict[str, transport.Way[httpx2.AsyncBaseTransport]] = {}
        self._lock = asyncio.Lock()

    async def run(self, flow: Flow[T]) -> T:
        """Perform *flow* to its end; its result. What goes wrong is thrown into it first."""
        answer: Any = None
        problem: OpenYXError | None = None
        try:
            while True:
                try:
                    step = flow.throw(problem) if problem else flow.send(answer)
                except StopIteration as end:
                    result: T = end.value
                    return result
                answer = problem = None
                try:
                    answer = await self._perform(step)
                except OpenYXError as error:
                    problem = error
        finally:
            flow.close()

    async def pages(self, pages: Pages[T]) -> AsyncIterator[T]:
        """The records of *pages*, one by one; the next page is fetched when it is needed."""
        records: list[T] | None = None
        while True:
            try:
                call = pages.send(records) if records is not None else next(pages)
            except StopIteration:
                for record in records or ():
                    yield record
                return
            for record in records or ():
                yield record
            records = await self.run(self._session.exchange(call))

    async def close(self) -> None:
        """Close the connections."""
        while self._ways:
            await self._ways.popitem()[1].transport.aclose()

    async def _perform(self, step: Step) -> Any:
        match step:
            case Transmit():
                return await self._transmit(step)
            case Call():
                return await self.run(self._session.exchange(cast("Call[object]", step)))
            case Sleep():
                return await (self._options.asleep or asyncio.sleep)(step.seconds)
            case Exclusively():
                async with self._lock:
                    return await self.run(step.steps())
            case _:
                raise TypeError(f"no driver performs {step!r}")

    async def _transmit(self, wanted: Transmit) -> Reply:
        response: httpx2.Response | None = None
        try:
            way = self._way(wanted.url)
            sent = transport.request(wanted, self._timeouts, direct=way.direct)
            response = await way.transport.handle_async_request(sent)
            reading = transport.Reading(wanted, response, self._options.clock)
            async for chunk in transport.async_body(response):
                reading.take(chunk)
            return reading.reply()
        except httpx2.HTTPError as error:
            raise problems.unreachable(error, wanted, response) from error
        finally:
            if response is not None:
                await response.aclose()

    def _way(self, url: str) -> transport.Way[httpx2.AsyncBaseTransport]:
        place = transport.place(url)
        found = self._ways.get(place)
        if found is None:
            found = self._ways.setdefault(place, transport.asynchronous(self._session.access, self._options, url))
        return found
