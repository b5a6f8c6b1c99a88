"""Durations as people write and read them."""

from __future__ import annotations

import re

import click

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")


def seconds(text: str) -> float:
    """The seconds of a duration such as ``90``, ``90s``, ``1h30m`` or ``2d``; ``ValueError`` for anything else.

    >>> seconds("1h30m")
    5400.0
    """
    if not re.fullmatch(rf"(?:{_PART.pattern})+", text.strip().lower()):
        raise ValueError(f"{text!r} is no duration")
    return float(sum(float(number) * _UNITS[unit or "s"] for number, unit in _PART.findall(text.strip().lower())))


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


class Duration(click.ParamType[float]):
    """An option that takes a duration; its value is in seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds."""
        if isinstance(value, int | float):
            return float(value)
        try:
            return seconds(str(value))
        except ValueError as error:
            self.fail(f"{error}: write 90, 90s, 15m, 2h or 1h30m.", param, ctx)
