"""What cannot be made yet: an error where something is to run, a list where it is only looked at."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from openyx.errors import Missing

_FOUND: ContextVar[list[Missing] | None] = ContextVar("_FOUND", default=None)


def lacks(error: Missing) -> None:
    """Raise *error*; where all that is missing is collected, keep it, and let the caller go on with a stand-in."""
    found = _FOUND.get()
    if found is None:
        raise error
    found.append(error)


@contextmanager
def collecting() -> Generator[list[Missing]]:
    """Go on where something is missing, and collect it: what is made meanwhile must not run where any was found.

    >>> from openyx.errors import NotYet
    >>> with collecting() as found:
    ...     lacks(NotYet("one thing"))
    ...     lacks(NotYet("another"))
    >>> [each.detail for each in found]
    ['one thing', 'another']
    """
    found: list[Missing] = []
    before = _FOUND.set(found)
    try:
        yield found
    finally:
        _FOUND.reset(before)
