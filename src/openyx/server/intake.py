"""The intake: requests that come at the same time and write are answered together, with one sync of the disk."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from openyx.server.exchange import Reply
from openyx.store import Outcome, Store, Together

T = TypeVar("T")

_MOST = 64
_QUICK = 0.002


class Unprepared(Exception):
    """Something that takes its time is to be done before there is an answer: *prepare* does it, then one asks again.

    Nobody else's answer waits for it.
    """

    def __init__(self, prepare: Callable[[], None]) -> None:
        super().__init__("ask again when it is prepared")
        self.prepare = prepare


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Callable[[], Reply]
    answer: asyncio.Future[Outcome[Reply]]
    large: bool


class Intake:
    """Answers who wants something written; whoever comes while others are being answered is answered next, together.

    What has to wait, for whoever else writes or for the disk, does so in a thread, unless it is for a disk that has
    just been quick, and for one who asks alone.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting = _Waiting()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._coming = deque[_Asked]()
        self._asked = list[_Asked]()
        self._at_work: asyncio.Task[None] | None = None
        self._is_calm = False
        """Whether the last commit was for one alone, and took so little time that others would not mind."""

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
            if found and found[0].large is not self._coming[0].large:
                break
            if not (first := self._coming.popleft()).answer.done():
                found.append(first)
        return found

    async def _outcomes(self, asked: list[_Asked]) -> list[Outcome[Reply]]:
        together = self._store.together(*(each.work for each in asked))
        try:
            self._waiting.get_ready()
            begun = not asked[0].large and together.begin()
            if not (begun and await self._committed(together)):
                await self._waiting.done(together.finish)
        except Exception as error:  # noqa: BLE001 - it is raised for each who asked
            return [Outcome[Reply].failed(error)] * len(asked)
        return together.outcomes

    async def _committed(self, together: Together[Reply]) -> bool:
        """Wait for the disk: here when it takes less than to wait elsewhere would."""
        commit = partial(self._commit, together)
        if self._is_calm and len(together.outcomes) == 1 and not self._coming:
            return commit()
        return await self._waiting.done(commit)

    def _commit(self, together: Together[Reply]) -> bool:
        began = time.perf_counter()
        committed = together.commit()
        self._is_calm = len(together.outcomes) == 1 and time.perf_counter() - began < _QUICK
        return committed


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

    async def done(self, thing: Callable[[], T]) -> T:
        """What a thing comes to, once it is done; raises what it raises."""
        end: asyncio.Future[Outcome[T]] = asyncio.get_running_loop().create_future()
        self._things.put(_Thing(thing, end))
        return (await end).get()

    def end(self) -> None:
        """End the thread, once it has done what it has."""
        if self._ending is not None:
            self._ending()


class _Thing(NamedTuple):
    do: Callable[[], Any]
    end: asyncio.Future[Outcome[Any]]


def _wait(things: SimpleQueue[_Thing | None]) -> None:
    while thing := things.get():
        outcome = Outcome.of(thing.do)
        with suppress(RuntimeError):  # the loop may have ended meanwhile
            thing.end.get_loop().call_soon_threadsafe(_tell, thing.end, outcome)
        del thing, outcome  # they may hold the last of what ends this thread


def _tell(end: asyncio.Future[Outcome[Any]], outcome: Outcome[Any]) -> None:
    if not end.done():
        end.set_result(outcome)
