"""Writing together: what several want written at the same time is one transaction, so that its sync is shared."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

from openyx.store.database import Begun, Database, HalfDone, Outcome

T = TypeVar("T")

Writing = Generator[Callable[[], Any], Any, T]
"""Something that is done bit by bit: it gives what it wants written, and is sent what came of it once that is on disk.

What could not be written is raised in it. What it writes by itself, rather than giving it, may be undone with others.
"""


class Together(Generic[T]):
    """Several writings on their way: what they want written at the same time is written together."""

    def __init__(self, database: Database, writings: Sequence[Writing[T]]) -> None:
        self._database = database
        self._writings = writings
        self._ended: dict[int, Outcome[T]] = {}
        self._steps = {place: partial(next, writing) for place, writing in enumerate(writings)}
        self._wanted: dict[int, Callable[[], Any]] = {}

    @property
    def outcomes(self) -> list[Outcome[T]]:
        """What each of the writings came to, once all have ended."""
        return [self._ended[place] for place in range(len(self._writings))]

    def begin(self) -> Callable[[], None] | None:
        """Go on as far as neither others nor the disk must be waited for; what is left, to be called in any thread.

        None when all have ended. What is left must be called: it may hold what all others wait for.
        """
        begun = self._database.begin_at_once()
        if begun is None:
            return self.finish
        with suppress(HalfDone), begun.block():
            self._ask()
            outcomes = begun.all_done(list(self._wanted.values()))
            if not outcomes:
                raise HalfDone  # there is nothing to keep
            return partial(self._commit, begun, outcomes)
        return self.finish if self._wanted else None

    def finish(self) -> None:
        """Do all that is left, and wait where one has to."""
        while self._wanted or self._steps:
            if not self._wanted:
                with self._database.one_moment():
                    self._ask()
            if self._wanted:
                self._tell(self._database.together(list(self._wanted.values())))

    def _commit(self, begun: Begun, outcomes: Sequence[Outcome[Any]]) -> None:
        committed: Outcome[None] = Outcome.of(begun.commit)
        if committed.error is None:  # else all is undone, and tried again by those who can tell why
            self._tell(outcomes)
        self.finish()

    def _ask(self) -> None:
        """Go on with each until it wants something written, or ends."""
        steps, self._steps = self._steps, {}
        for place, step in steps.items():
            try:
                self._wanted[place] = step()
            except StopIteration as end:
                self._ended[place] = Outcome(result=end.value)
            except Exception as error:  # noqa: BLE001 - it is raised where it belongs: for the one who wants it
                self._ended[place] = Outcome.failed(error)

    def _tell(self, outcomes: Sequence[Outcome[Any]]) -> None:
        wanted, self._wanted = self._wanted, {}
        for place, outcome in zip(wanted, outcomes, strict=True):
            self._steps[place] = partial(_go_on, self._writings[place], outcome)


def _go_on(writing: Writing[Any], outcome: Outcome[Any]) -> Callable[[], Any]:
    if outcome.error is None:
        return writing.send(outcome.result)
    return writing.throw(outcome.fresh(outcome.error))
