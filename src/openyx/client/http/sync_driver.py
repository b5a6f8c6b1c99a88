"""The blocking driver: it performs flows and pages where it is called."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, TypeVar, cast

import httpx2

from openyx.api.calls import Call, Flow, Pages, Sleep, Step
from openyx.client.http import problems, transport
from openyx.client.http.exchange import Exclusively, Reply, Transmit
from openyx.client.session import Session
from openyx.errors import OpenYXError

T = TypeVar("T")


class SyncDriver:
    """Performs flows where it is called."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._options = session.options
        self._timeouts = session.access.timeouts
        self._ways: dict[str, transport.Way[httpx2.BaseTransport]] = {}
        self._lock = threading.Lock()

    def run(self, flow: Flow[T]) -> T:
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
                    answer = self._perform(step)
                except OpenYXError as error:
                    problem = error
        finally:
            flow.close()

    def pages(self, pages: Pages[T]) -> Iterator[T]:
        """The records of *pages*, one by one; the next page is fetched when it is needed."""
        records: list[T] | None = None
        while True:
            try:
                call = pages.send(records) if records is not None else next(pages)
            except StopIteration:
                yield from records or ()
                return
            yield from records or ()
            records = self.run(self._session.exchange(call))

    def close(self) -> None:
        """Close the connections."""
        while self._ways:
            self._ways.popitem()[1].transport.close()

    def _perform(self, step: Step) -> Any:
        match step:
            case Transmit():
                return self._transmit(step)
            case Call():
                return self.run(self._session.exchange(cast("Call[object]", step)))
            case Sleep():
                return self._options.sleep(step.seconds)
            case Exclusively():
                with self._lock:
                    return self.run(step.steps())
            case _:
                raise TypeError(f"no driver performs {step!r}")

    def _transmit(self, wanted: Transmit) -> Reply:
        response: httpx2.Response | None = None
        try:
            way = self._way(wanted.url)
            sent = transport.request(wanted, self._timeouts, direct=way.direct)
            response = way.transport.handle_request(sent)
            reading = transport.Reading(wanted, response, self._options.clock)
            for chunk in transport.body(response):
                reading.take(chunk)
            return reading.reply()
        except httpx2.HTTPError as error:
            raise problems.unreachable(error, wanted, response) from error
        finally:
            if response is not None:
                response.close()

    def _way(self, url: str) -> transport.Way[httpx2.BaseTransport]:
        place = transport.place(url)
        found = self._ways.get(place)
        if found is None:
            found = self._ways.setdefault(place, transport.blocking(self._session.access, self._options, url))
        return found
