"""The intake: requests that come at the same time and write are answered together, by one thread, with one sync."""

from __future__ import annotations

import asyncio
import threading
from queue import Empty, SimpleQueue
from typing import NamedTuple

from openyx.server.exchange import Reply
from openyx.store import Outcome, Store, Writing

_MOST = 64


class _Asked(NamedTuple):
    writing: Writing[Reply]
    answer: asyncio.Future[Reply]


class Intake:
    """A thread that answers who wants something written; whoever comes while it is busy is answered next, together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting = SimpleQueue[_Asked | None]()
        self._thread = threading.Thread(target=self._work, name="openyx-intake", daemon=True)

    async def reply(self, writing: Writing[Reply]) -> Reply:
        """What the writing comes to, on disk by then."""
        if self._thread.ident is None:
            self._thread.start()
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.put(_Asked(writing, answer))
        return await answer

    def close(self) -> None:
        """Answer those who wait, and end."""
        self._waiting.put(None)
        if self._thread.ident is not None:
            self._thread.join()

    def _work(self) -> None:
        while asked := self._next():
            outcomes = self._outcomes([each.writing for each in asked])
            told = list(zip((each.answer for each in asked), outcomes, strict=True))
            asked[0].answer.get_loop().call_soon_threadsafe(_tell, told)

    def _outcomes(self, writings: list[Writing[Reply]]) -> list[Outcome[Reply]]:
        written = Outcome.of(lambda: self._store.written(*writings))
        return [Outcome(error=written.error) for _ in writings] if written.error else written.get()

    def _next(self) -> list[_Asked]:
        """All who wait, at least one; nobody when it is to end."""
        found = [self._waiting.get()]
        try:
            while len(found) < _MOST and found[-1]:
                found.append(self._waiting.get_nowait())
        except Empty:
            pass
        return [each for each in found if each]


def _tell(told: list[tuple[asyncio.Future[Reply], Outcome[Reply]]]) -> None:
    for answer, outcome in told:
        if answer.done():  # whoever asked has gone
            continue
        if outcome.error is None:
            answer.set_result(outcome.get())
        else:
            answer.set_exception(outcome.error)
