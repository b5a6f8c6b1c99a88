"""``python -m openyx.worker``: a worker as a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import click

from openyx.errors import MissingExtra, OpenYXError
from openyx.logs import show_logs
from openyx.queue import Queue
from openyx.queue.queue import LEASE
from openyx.settings import BLOBS, STORE
from openyx.store import open_store
from openyx.worker.parent import when_parent_is_gone
from openyx.worker.worker import GRACE, Worker

_ENGINE = ("polars", "regex")


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The gallery's data folder.")
@click.option("--store", default="", help="A shared database: postgresql://user@host/name.")
@click.option("--blobs", default="", help="The shared folder of files.")
@click.option("--slots", type=click.IntRange(min=1), default=1, show_default=True, help="Jobs at a time.")
@click.option(
    "--grace", type=float, default=GRACE, show_default=True, help="Seconds for running jobs to end at a stop."
)
@click.option(
    "--lease", type=float, default=LEASE.total_seconds(), show_default=True, help="Seconds of silence allowed."
)
@click.option("--tied", is_flag=True, help="Stop when standard input closes, that is: with the parent.")
def main(data: Path, *, store: str, blobs: str, slots: int, grace: float, lease: float, tied: bool) -> None:
    """Run the jobs of a gallery until SIGTERM or Ctrl-C; then finish or hand back what runs."""
    show_logs()
    stop = threading.Event()
    _stop_on_signals(stop)
    if tied:
        when_parent_is_gone(stop.set)
    try:
        _look_for_engine()
        store, blobs = store or STORE.value(os.environ), blobs or BLOBS.value(os.environ)
        with open_store(data, database=store, blobs=blobs, sealed=False) as kept:
            queue = Queue(kept, lease=timedelta(seconds=lease))
            Worker(kept, queue=queue, slots=slots, grace=grace).work(stop)
    except OpenYXError as error:
        click.echo(f"openyx.worker: {error}" + (f"\n{error.hint}" if error.hint else ""), err=True)
        sys.exit(error.exit)


def _look_for_engine() -> None:
    """The children need it; better one clear word now than a dead child per job."""
    if missing := [name for name in _ENGINE if find_spec(name) is None]:
        raise MissingExtra(f"running workflows ({', '.join(missing)})", "engine")


def _stop_on_signals(stop: threading.Event) -> None:
    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the form of a handler
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
