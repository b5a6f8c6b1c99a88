"""An option that takes a duration."""

from __future__ import annotations

import click

from openyx.amounts import seconds, spoken

__all__ = ["Duration", "seconds", "spoken"]


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
