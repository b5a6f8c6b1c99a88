"""The intake: requests that come at the same time and write are answered together, by one thread, with one sync."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple

from openyx.server.exchange import Reply
from openyx.store import Outcome, Store, Writing

_MOST = 64


class _Asked(NamedTuple):
    writing: Writing[Reply]
    answer: asyncio.Future[Outcome[Reply]]


class Unprepared(Exception):
    """Something that takes its time is to be done before there is an answer: *prepare* does it, then one asks again.

    Nobody else's answer waits for it.
    """

    def __init__(self, prepare: Callable[[], None]) -> None:
        super().__init__("ask again when it is prepared")
        self.prepare = prepare


class Intake:
    """A thread that answers who wants something written; whoever comes while it is busy is answered next, together.

    It ends when nobody has the intake any more.
    """

    def __init__(self, store: Store) -> None:
        self._waiting = SimpleQueue[_Asked | None]()
        self._end = weakref.finalize(self, self._waiting.put, None)
        self._thread = threading.Thread(target=_work, args=(store, self._waiting), name="openyx-intake", daemon=True)

    async def reply(self, writing: Writing[Reply]) -> Reply:
        """What the writing comes to, on disk by then."""
        if self._thread.ident is None:
            self._thread.start()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Outcome[Reply]] = loop.create_future()
        # In the next turn: the thread does not get in the way of the loop while others are coming, too.
        loop.call_soon(self._waiting.put, _Asked(writing, answer))
        return (await answer).get()

    def close(self) -> None:
        """Answer those who wait, and end."""
        self._end()
        if self._thread.ident is not None:
            self._thread.join()


def _work(store: Store, waiting: SimpleQueue[_Asked | None]) -> None:
    while asked := _all(waiting):
        writings = [each.writing for each in asked]
        written = Outcome.of(partial(store.written, *writings))
        outcomes = [Outcome[Reply](error=written.error, at=written.at)] * len(asked) if written.error else written.get()
        told = list(zip((each.answer for each in asked), outcomes, strict=True))
        asked[0].answer.get_loop().call_soon_threadsafe(_tell, told)
        del asked, writings, written, outcomes, told  # they may hold the last of what ends this thread


def _all(waiting: SimpleQueue[_Asked | None]) -> list[_Asked]:
    """All who wait, at least one; nobody when it is to end."""
    found = [waiting.get()]
    try:
        while len(found) < _MOST and found[-1]:
            found.append(waiting.get_nowait())
    except Empty:
        pass
    if found[-1] is None and len(found) > 1:
        waiting.put(None)  # those before are answered first
    return [each for each in found if each]


def _tell(told: list[tuple[asyncio.Future[Outcome[Reply]], Outcome[Reply]]]) -> None:
    for answer, outcome in told:
        if not answer.done():  # whoever asked may have gone
            answer.set_result(outcome)
