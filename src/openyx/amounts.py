"""Durations and sizes as people write and read them."""

from __future__ import annotations

import re

_TIMES = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")
_SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*((?:[kmgt]i?)?)b?", re.ASCII)


def seconds(text: str) -> float:
    """The seconds of a duration such as ``90``, ``90s``, ``1h30m`` or ``2d``; ``ValueError`` for anything else.

    >>> seconds("1h30m")
    5400.0
    """
    if not re.fullmatch(rf"(?:{_TIME.pattern})+", text.strip().lower()):
        raise ValueError(f"{text!r} is no duration")
    return float(sum(float(number) * _TIMES[unit or "s"] for number, unit in _TIME.findall(text.strip().lower())))


def spoken(duration: float) -> str:
    """A duration to read.

    >>> spoken(0.4), spoken(65), spoken(7384)
    ('0.4 s', '1 min 05 s', '2 h 03 min')
    """
    if duration < 10:
        return f"{duration:.1f} s"
    whole = int(duration)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def size(text: str) -> int:
    """The bytes of a size such as ``500MB``, ``1.5 GB`` or ``4GiB``; ``ValueError`` for anything else.

    >>> size("4GB"), size("1.5 kB"), size("2MiB"), size("12")
    (4000000000, 1500, 2097152, 12)
    """
    found = _SIZE.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is no size")
    return int(float(found[1]) * _SIZES[found[2]])


def spoken_size(count: int) -> str:
    """A number of bytes to read.

    >>> spoken_size(4_000_000_000), spoken_size(1_500_000), spoken_size(12)
    ('4 GB', '1.5 MB', '12 bytes')
    """
    for unit, worth in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= worth:
            return f"{count / worth:.4g} {unit}"
    return f"{count} bytes"
