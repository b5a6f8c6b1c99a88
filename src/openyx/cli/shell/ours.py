"""What only a gallery of one's own offers."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from openyx.errors import BadAnswer, NotFound


@contextmanager
def only_ours(what: str) -> Generator[None]:
    """Around calls of our own endpoints: where there are none it is said that this server has no such thing."""
    try:
        yield
    except (NotFound, BadAnswer) as error:
        raise NotFound(f"this server does not tell {what}", hint="a gallery that yx serve started does") from error
