"""The intake: requests that come at the same time and write are answered together, with one sync of the disk."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
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
    """Answers who wants something written; whoever comes while others are being answered is answered next, together.

    What has to wait, for the disk or for whoever else writes, does so in a thread, which ends when nobody has the
    intake any more.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._coming = deque[_Asked]()
        self._at_work: asyncio.Task[None] | None = None
        self._waiting = _Waiting()

    async def reply(self, writing: Writing[Reply]) -> Reply:
        """What the writing comes to, on disk by then."""
        answer: asyncio.Future[Outcome[Reply]] = asyncio.get_running_loop().create_future()
        self._coming.append(_Asked(writing, answer))
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._work())  # from the next turn of the loop on: others come, too
        return (await answer).get()

    async def close(self) -> None:
        """Answer those who wait, and end."""
        if self._at_work is not None:
            await self._at_work
        self._waiting.end()

    async def _work(self) -> None:
        while self._coming:
            asked = [self._coming.popleft() for _ in range(min(len(self._coming), _MOST))]
            for each, outcome in zip(asked, await self._outcomes([each.writing for each in asked]), strict=True):
                if not each.answer.done():  # whoever asked may have gone
                    each.answer.set_result(outcome)

    async def _outcomes(self, writings: list[Writing[Reply]]) -> list[Outcome[Reply]]:
        together = self._store.together(*writings)
        try:
            while left := together.step():
                await self._waiting.done(left)
        except Exception as error:  # noqa: BLE001 - it is raised for each who asked
            return [Outcome[Reply].failed(error)] * len(writings)
        return together.outcomes


class _Waiting:
    """A thread that waits for one thing after another; an executor's would cost more than what it does."""

    def __init__(self) -> None:
        self._things = SimpleQueue[_Thing | None]()
        self.end = weakref.finalize(self, self._things.put, None)
        self._thread = threading.Thread(target=_wait, args=(self._things,), name="openyx-intake", daemon=True)

    async def done(self, thing: Callable[[], None]) -> None:
        """Come back when it is done; raises what it raises."""
        if self._thread.ident is None:
            self._thread.start()
        end: asyncio.Future[Outcome[None]] = asyncio.get_running_loop().create_future()
        self._things.put(_Thing(thing, end))
        (await end).get()


class _Thing(NamedTuple):
    do: Callable[[], None]
    end: asyncio.Future[Outcome[None]]


def _wait(things: SimpleQueue[_Thing | None]) -> None:
    while thing := things.get():
        outcome = Outcome.of(thing.do)
        with suppress(RuntimeError):  # the loop may have ended meanwhile
            thing.end.get_loop().call_soon_threadsafe(_tell, thing.end, outcome)
        del thing, outcome  # they may hold the last of what ends this thread


def _tell(end: asyncio.Future[Outcome[None]], outcome: Outcome[None]) -> None:
    if not end.done():
        end.set_result(outcome)
