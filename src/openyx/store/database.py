"""What the tables need of a database; each database that the store knows is one implementation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = Mapping[str, Any]
Params = Mapping[str, Any]

UNLIMITED = 2**62
"""A limit that no table reaches."""


class Contended(Exception):
    """Somebody else was faster: a record with that key is there, or one that is referred to is gone, or two waited for
    each other. To be tried again.
    """


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

    def together(self, work: Callable[[], T]) -> T:
        """What *work* gives, done in a durable transaction that it may share with others who come at the same time.

        Each is undone alone when it fails, and answered when it is on disk.
        """
        ...

    def changes(self) -> int:
        """A number that differs from the last one when anybody, in any process, has committed since."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
