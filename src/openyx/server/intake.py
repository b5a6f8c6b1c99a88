"""The intake: requests that come at the same time and write are answered together, with one sync of the disk."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import NamedTuple

from openyx.server.exchange import Reply
from openyx.store import Outcome, Store

_MOST = 64
_MOST_LARGE = 4


class Unprepared(Exception):
    """Something that takes its time is to be done before there is an answer: *prepare* does it, then one asks again.

    Nobody else's answer waits for it.
    """

    def __init__(self, prepare: Callable[[], None]) -> None:
        super().__init__("ask again when it is prepared")
        self.prepare = prepare


class Elsewhere(Exception):
    """Nothing is left to be written, and to make the *record* takes its time: nobody else's answer waits for it."""

    def __init__(self, record: Callable[[], object]) -> None:
        super().__init__("make the record elsewhere")
        self.record = record


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Callable[[], Reply]
    answer: asyncio.Future[Outcome[Reply]]
    large: bool


class Intake:
    """Answers who wants something written; whoever comes while others are being answered is answered next, together.

    What has to wait, for the disk or for whoever else writes, does so in a thread.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting = _Waiting()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._coming = deque[_Asked]()
        self._asked = list[_Asked]()
        self._at_work: asyncio.Task[None] | None = None

    async def reply(self, work: Callable[[], Reply], *, large: bool = False) -> Reply:
        """What the work comes to, on disk by then; all of a *large* one, which takes its time, is the thread's."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # what another one has left behind is nobody's any more
            self._loop, self._coming, self._at_work = loop, deque[_Asked](), None
        answer: asyncio.Future[Outcome[Reply]] = loop.create_future()
        self._coming.append(_Asked(work, answer, large))
        if self._at_work is None or self._at_work.done():
            self._at_work = loop.create_task(self._work())  # from the next turn of the loop on: others come, too
            self._at_work.add_done_callback(self._let_go)
        return (await answer).get()

    async def close(self) -> None:
        """Answer those who wait, and end the thread; who comes later gets another one."""
        if self._at_work is not None and self._loop is asyncio.get_running_loop():
            await asyncio.wait([self._at_work])
        self._waiting.end()

    async def _work(self) -> None:
        while asked := self._next():
            for each, outcome in zip(asked, await self._outcomes(asked), strict=True):
                if not each.answer.done():  # whoever asked may have gone
                    each.answer.set_result(outcome)

    def _let_go(self, work: asyncio.Task[None]) -> None:
        if work.cancelled():
            for each in (*self._asked, *self._coming):
                each.answer.cancel()

    def _next(self) -> list[_Asked]:
        """Who is answered next: as many as can be together, of those who still wait."""
        self._asked = found = list[_Asked]()
        while self._coming and len(found) < _MOST:
            large = self._coming[0].large
            if found and (large is not found[0].large or (large and len(found) == _MOST_LARGE)):
                break
            if not (first := self._coming.popleft()).answer.done():
                found.append(first)
        return found

    async def _outcomes(self, asked: list[_Asked]) -> list[Outcome[Reply]]:
        together = self._store.together(*(each.work for each in asked))
        try:
            self._waiting.get_ready()
            begun = not asked[0].large and together.begin()
            await self._waiting.done(together.commit if begun else together.finish)
        except Exception as error:  # noqa: BLE001 - it is raised for each who asked
            return [Outcome[Reply].failed(error)] * len(asked)
        return together.outcomes


class _Waiting:
    """A thread that waits for one thing after another; an executor's would cost more than what it does.

    It ends when nobody has this any more.
    """

    def __init__(self) -> None:
        self._things: SimpleQueue[_Thing | None] = SimpleQueue()
        self._ending: weakref.finalize[[None], _Waiting] | None = None

    def get_ready(self) -> None:
        """Have the thread: before anything is begun that it has to end."""
        if self._ending is None or not self._ending.alive:
            self._things = SimpleQueue()
            threading.Thread(target=_wait, args=(self._things,), name="openyx-intake", daemon=True).start()
            self._ending = weakref.finalize(self, self._things.put, None)

    async def done(self, thing: Callable[[], None]) -> None:
        """Come back when it is done; raises what it raises."""
        end: asyncio.Future[Outcome[None]] = asyncio.get_running_loop().create_future()
        self._things.put(_Thing(thing, end))
        (await end).get()

    def end(self) -> None:
        """End the thread, once it has done what it has."""
        if self._ending is not None:
            self._ending()


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
