"""Commands that need a part of the package that may not be installed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from openyx.errors import MissingExtra


@contextmanager
def extra(name: str, *, what: str) -> Generator[None]:
    """Around late imports: a missing third-party module becomes ``MissingExtra``, which says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "openyx":
            raise
        raise MissingExtra(what, name) from error


def need_engine(what: str) -> None:
    """Raise ``MissingExtra`` where no workflow can run, before anything is begun; nothing is loaded for it."""
    from importlib.util import find_spec

    if any(find_spec(module) is None for module in ("polars", "regex")):
        raise MissingExtra(what, "engine")
