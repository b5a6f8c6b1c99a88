"""Writing together: what several want written at the same time is one transaction, so that its sync is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from openyx.store.database import Begun, Database, HalfDone, Outcome

T = TypeVar("T")


class Together(Generic[T]):
    """Several works that read and write, each for itself, in one durable transaction.

    For who may not wait there is :meth:`begin` and then, in a thread, :meth:`commit`; where that says no, and for all
    others, :meth:`finish`. One that fails is undone alone. Some may be done again; what they did before is undone then.
    """

    def __init__(self, database: Database, works: Sequence[Callable[[], T]]) -> None:
        self._database = database
        self._works = works
        self._begun: Begun | None = None
        self.outcomes: list[Outcome[T]] = []
        """What each of them came to; true when it is on disk."""

    def begin(self) -> bool:
        """Do it, unless somebody has to be waited for; whether it is done, but for the commit.

        Then :meth:`commit` must be called, whatever happens: until that all others wait who want to write.
        """
        begun = self._database.begin_at_once()
        if begun is None:
            return False
        with suppress(HalfDone), begun.block():
            self.outcomes = begun.all_done(self._works)
            self._begun = begun
            return True
        return False

    def commit(self) -> None:
        """Have it on disk; where that fails all is undone, and done again by those who can tell why."""
        if self._begun is None:
            raise RuntimeError("nothing was begun")
        begun, self._begun = self._begun, None
        committed: Outcome[None] = Outcome.of(begun.commit)
        if committed.error is not None:
            self.finish()

    def finish(self) -> None:
        """Do it all, and wait where one has to."""
        self.outcomes = self._database.together(self._works)
