"""How long a gallery keeps what, as options, and the sweep that a server makes every hour."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from openyx.amounts import seconds, size
from openyx.logs import Events

if TYPE_CHECKING:
    from openyx.store import Keep, Store

events = Events("openyx.cli.serve")

F = TypeVar("F", bound=Callable[..., Any])

EVERY = 3600.0
_ALL = "all"


class _Most(click.ParamType[Any]):
    """A positive amount, or ``all`` for no limit."""

    def __init__(self, name: str, read: Callable[[str], Any], example: str) -> None:
        self.name = name
        self._read = read
        self._example = example

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The amount; None without a limit."""
        if value == _ALL:
            return None
        try:
            amount = self._read(str(value))
        except (ValueError, OverflowError):
            amount = None
        if not amount or amount < type(amount)():
            self.fail(f"{value!r} is no amount that can be kept: write {self._example}, or {_ALL}.", param, ctx)
        return amount


def _option(name: str, kind: _Most, default: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    shown = f"{text}; {_ALL}: no limit."
    return click.option(name, type=kind, default=default, show_default=True, metavar=kind.name.upper(), help=shown)


def keep_options(function: F) -> F:
    """``--keep-jobs`` and its kin: as ``keep``."""
    age = _Most("age", lambda text: timedelta(seconds=seconds(text)), "36h or 90d")
    number, most = _Most("number", int, "50"), _Most("size", size, "500MB, 100GB or 1TB")

    @_option("--keep-jobs", age, "365d", "Remove jobs that ended longer ago")
    @_option("--keep-most-jobs", number, "1000000", "Remove the oldest jobs when there are more")
    @_option("--keep-outputs", age, "90d", "Remove the outputs of jobs that ended longer ago")
    @_option("--keep-bytes", most, _ALL, "Remove the oldest outputs when all together are more")
    @_option("--keep-versions", number, "50", "Remove the oldest versions of a workflow when it has more")
    @wraps(function)
    def with_keep(
        *given: Any,
        keep_jobs: timedelta | None,
        keep_most_jobs: int | None,
        keep_outputs: timedelta | None,
        keep_bytes: int | None,
        keep_versions: int | None,
        **named: Any,
    ) -> Any:
        from openyx.cli.shell.extras import extra

        with extra("server", what="a gallery of your own"):
            from openyx.store import Keep

        keep = Keep(
            jobs=keep_jobs,
            most_jobs=keep_most_jobs,
            outputs=keep_outputs,
            output_bytes=keep_bytes,
            versions=keep_versions,
        )
        return function(*given, keep=keep, **named)

    return with_keep  # type: ignore[return-value] # options come and go, which no type tells


@contextmanager
def sweeping(store: Store, keep: Keep, *, every: float = EVERY) -> Generator[None]:
    """While the block runs, remove what need not be kept: at once, and then every so many seconds."""
    over = threading.Event()

    def sweep() -> None:
        while not over.is_set():
            try:
                if swept := store.retention.sweep(keep, stop=over.is_set):
                    events.info("swept", **{name: getattr(swept, name) for name in swept.__slots__})
            except Exception as error:  # noqa: BLE001 - the edge of the thread: a disk that is full, a database that is away
                events.failure("sweep in trouble", error)
            over.wait(every)

    thread = threading.Thread(target=sweep, name="openyx-sweep", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
