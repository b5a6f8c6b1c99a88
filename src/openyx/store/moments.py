"""Times and ids: aware UTC to the millisecond, and 24 hexadecimal digits that begin with the time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def utc_now() -> datetime:
    """Now, in UTC, cut to the millisecond."""
    return from_milliseconds(to_milliseconds(datetime.now(UTC)))


def to_milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970; exact, which ``timestamp()`` is not.

    >>> to_milliseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000
    """
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(count: int) -> datetime:
    """The moment that many milliseconds after 1970."""
    return _EPOCH + count * _MILLISECOND


def new_id(at: datetime) -> str:
    """A fresh record id: 8 digits of time and 16 of chance.

    >>> new_id(datetime(2021, 7, 29, tzinfo=UTC))[:8]
    '6101ef80'
    """
    chance = random.getrandbits(64)
    return f"{to_milliseconds(at) // 1000 & 0xFFFFFFFF:08x}{chance:016x}"
