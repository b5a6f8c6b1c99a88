"""Types that texts are read as, made known to msgspec by one thread at a time."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_alone = threading.RLock()


def settled(kind: T) -> T:
    """The same type, of which msgspec knows all by now.

    It learns what a type is made of when the type is first read, and while one thread is about it another one that
    reads the same type, or one with the same parts, takes the whole process down. So whoever reads a type that is no
    plain one settles it before.

    >>> class Point(msgspec.Struct):
    ...     x: int
    >>> msgspec.json.decode('{"x": 1}', type=settled(Point)).x
    1
    """
    _settle(kind)
    return kind


@cache
def _settle(kind: Any) -> None:
    with _alone:
        msgspec.json.Decoder(kind)
