"""What the tables need of a database; each database that the store knows is one implementation."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar, cast

T = TypeVar("T")
U = TypeVar("U")
Row = Mapping[str, Any]
Params = Mapping[str, Any]

UNLIMITED = 2**62
"""A limit that no table reaches."""


class Contended(Exception):
    """Somebody else was faster: a record with that key is there, or one that is referred to is gone, or two waited for
    each other. To be tried again.
    """


class HalfDone(Exception):
    """Something failed that had written before: all that was done with it is to be undone, and tried one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T]):
    """What came of something: its result, or the error that it ended with, and where."""

    result: T | None = None
    error: Exception | None = None
    at: TracebackType | None = None

    @staticmethod
    def of(work: Callable[[], U]) -> Outcome[U]:
        """What comes of *work*, done now."""
        try:
            return Outcome(result=work())
        except Exception as error:  # noqa: BLE001 - it is raised where it belongs: for the one who wants it
            return Outcome.failed(error)

    @staticmethod
    def failed(error: Exception) -> Outcome[Any]:
        """The outcome of what ended with an error."""
        return Outcome(error=error, at=error.__traceback__)

    def get(self) -> T:
        """The result; raises the error."""
        if self.error is not None:
            # As it was: each time it is raised it gathers where, and several may share it.
            raise self.error.with_traceback(self.at)
        return cast("T", self.result)


class Begun(Protocol):
    """A durable transaction that was begun without waiting; it ends with :meth:`commit`, or when its block raises."""

    def block(self) -> AbstractContextManager[None]:
        """What this thread does in the block is a part of it."""
        ...

    def all_done(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        """What comes of each of the works, within the block; HalfDone."""
        ...

    def commit(self) -> None:
        """Have it on disk; it waits for that, and may be called in another thread. What cannot be is undone."""
        ...


class Database(Protocol):
    """Runs SQL with named parameters (``:name``); safe to call from any thread.

    ``for_update`` ends a SELECT whose records nobody else may change until the transaction ends, ``skip_locked`` one
    that passes over the records which somebody else has so.
    """

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def grows_at_its_end(self) -> bool:
        """Whether a record that is there later has a higher number, too."""
        ...

    @property
    def for_update(self) -> str: ...

    @property
    def skip_locked(self) -> str: ...

    def all(self, sql: str, params: Params) -> list[Row]:
        """All records of an answer."""
        ...

    def one(self, sql: str, params: Params) -> Row | None:
        """The first record of an answer."""
        ...

    def run(self, sql: str, params: Params) -> int:
        """Change something; the number of records that changed. Outside a transaction it is one of its own.

        Contended when a record with the same key is there, or one that it refers to is not.
        """
        ...

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question: what *ask* gives.

        In a transaction that was begun at once it may be what *ask* gave in it before, or in an earlier one, unless
        somebody else has committed since. So nothing may be asked once that those transactions themselves change.
        """
        ...

    def transaction(self, *, durable: bool = True) -> AbstractContextManager[None]:
        """All or nothing; within another one it is a part of that.

        ``durable``: on disk, against power loss too, when the block is left. Without, only the end of the machine
        can undo it.
        """
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """All that this thread reads in the block is of one moment, whatever others commit meanwhile.

        Nothing can be written in it, and it cannot stand within a transaction.
        """
        ...

    def damage(self) -> list[str]:
        """What the database finds wrong with its own file, a line for each; nothing where it keeps watch itself."""
        ...

    @property
    def one_at_a_time(self) -> bool:
        """Whether only one writes at a time, so that who wants to should do it together with others."""
        ...

    def together(self, works: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
        """What comes of each of the *works*, on disk when this returns; they may share one durable transaction.

        One that fails is undone alone; some may be done twice, and the first time was undone then. It stands alone.
        """
        ...

    def begin_at_once(self) -> Begun | None:
        """A transaction, where nobody has to be waited for, neither now nor for what is done in it; else None."""
        ...

    def changes(self) -> int:
        """A number that differs from the last one when anybody, in any process, has committed since."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
