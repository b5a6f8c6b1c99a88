"""Writing together: what several want written at the same time is one transaction, so that its sync is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from openyx.store.database import Begun, Database, HalfDone, Outcome

T = TypeVar("T")


class Together(Generic[T]):
    """Several works that read and write, each for itself, in one durable transaction.

    One that fails is undone alone. Some may be done again; what they did before is undone then.
    """

    def __init__(self, database: Database, works: Sequence[Callable[[], T]]) -> None:
        self._database = database
        self._works = works
        self._begun: Begun | None = None
        self.outcomes: list[Outcome[T]] = []
        """What each of them came to, once all is on disk."""

    def begin(self) -> bool:
        """Do it, unless somebody has to be waited for; whether it is done, but for the commit.

        Then :meth:`commit` must be called, whatever happens: until that all others wait who want to write.
        """
        self._begun = self._database.begin_at_once()
        if self._begun is None:
            return False
        with suppress(HalfDone), self._begun.block():
            self.outcomes = self._begun.all_done(self._works)
            return True
        return False

    def commit(self) -> bool:
        """Have it on disk, in any thread; else all is undone, and :meth:`finish` can tell why."""
        return self._begun is not None and Outcome.of(self._begun.commit).error is None

    def finish(self) -> None:
        """Do it all, and wait where one has to."""
        self.outcomes = self._database.together(self._works)
