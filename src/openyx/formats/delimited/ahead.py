"""Working ahead: what comes next is made ready while somebody is busy with what came before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class _End(Enum):
    END = "end"


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items in the same order; one more than was asked for is made, in a thread of its own.

    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    with ThreadPoolExecutor(1, thread_name_prefix="openyx-ahead") as thread:
        coming = thread.submit(next, items, _End.END)
        while (item := coming.result()) is not _End.END:
            coming = thread.submit(next, items, _End.END)
            yield item
