"""Recursion without the call stack: walkers of expressions are generators, so that no depth of nesting is a crash."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Walk = Generator["Walk[T]", T, T]
"""A function that calls itself: ``value = yield self.part(...)`` where it would say ``value = self.part(...)``."""


class TooDeepError(Exception):
    """A walk went deeper than it was allowed to."""


def walk(first: Walk[T], *, deepest: int) -> T:
    """What *first* returns; raises ``TooDeepError`` when calls nest deeper than *deepest*."""
    calls = [first]
    answer: T | None = None
    while True:
        try:
            call = calls[-1].send(answer)  # type: ignore[arg-type] # a generator starts with None
        except StopIteration as end:
            calls.pop()
            answer = end.value
            if not calls:
                return end.value  # type: ignore[no-any-return] # StopIteration does not know its type
        else:
            if len(calls) >= deepest:
                raise TooDeepError
            calls.append(call)
            answer = None
