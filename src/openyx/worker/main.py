"""``python -m openyx.worker``: a worker as a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import click

from openyx.errors import MissingExtra, OpenYXError, UnreadableData
from openyx.logs import Events, show_logs
from openyx.queue import Queue
from openyx.queue.queue import LEASE
from openyx.settings import BLOBS, MACROS, STORE
from openyx.store import Store, WorkflowQuery, open_store
from openyx.store.addresses import folder_of
from openyx.worker.limits import Limits, Reach, keep_apart, lacking
from openyx.worker.options import run_options
from openyx.worker.parent import when_parent_is_gone
from openyx.worker.worker import GRACE, Worker

log = Events("openyx.worker")

_ENGINE = ("polars", "regex")
_LOOKED_AT = 20


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The gallery's data folder.")
@click.option("--store", default="", help="A shared database: postgresql://user@host/name.")
@click.option("--blobs", default="", help="The shared folder of files, or its address.")
@click.option("--slots", type=click.IntRange(min=1), default=1, show_default=True, help="Jobs at a time.")
@click.option(
    "--grace", type=float, default=GRACE, show_default=True, help="Seconds for running jobs to end at a stop."
)
@click.option(
    "--lease", type=float, default=LEASE.total_seconds(), show_default=True, help="Seconds of silence allowed."
)
@click.option("--tied", is_flag=True, help="Stop when standard input closes, that is: with the parent.")
@run_options
def main(
    data: Path,
    *,
    store: str,
    blobs: str,
    slots: int,
    grace: float,
    lease: float,
    tied: bool,
    limits: Limits,
    reach: Reach,
) -> None:
    """Run the jobs of a gallery until SIGTERM or Ctrl-C; then finish or hand back what runs."""
    show_logs()
    store, blobs = store or STORE.value(os.environ), blobs or BLOBS.value(os.environ)
    try:
        work(
            data,
            store=store,
            blobs=blobs,
            slots=slots,
            grace=grace,
            lease=lease,
            tied=tied,
            limits=limits,
            reach=reach,
        )
    except OpenYXError as error:
        click.echo(f"openyx.worker: {error}" + (f"\n{error.hint}" if error.hint else ""), err=True)
        sys.exit(error.exit)


def work(
    data: Path,
    *,
    store: str = "",
    blobs: str = "",
    slots: int = 1,
    grace: float = GRACE,
    lease: float = LEASE.total_seconds(),
    tied: bool = False,
    limits: Limits | None = None,
    reach: Reach | None = None,
) -> None:
    """Be a worker, in the main thread of a process, until SIGTERM or Ctrl-C.

    ``data`` is the gallery's own folder, or one for work files where ``store`` and ``blobs`` are shared with other
    hosts. ``grace`` and ``lease`` are in seconds; all workers of a gallery have the same lease. A worker that is
    ``tied`` stops when standard input closes too. Raises ``MissingExtra`` without an engine, ``UnreadableData`` when
    the files are not where the gallery has them, ``AskedWrongly`` when jobs could reach the gallery's own files.
    """
    reach = replace(reach or Reach(), macros=MACROS.value(os.environ))
    shared = folder_of(blobs)
    keep_apart(reach, data, *([shared] if shared else []))
    stop = threading.Event()
    _stop_on_signals(stop)
    if tied:
        when_parent_is_gone(stop.set)
    _look_for_engine()
    with open_store(data, database=store, blobs=blobs, sealed=False) as kept:
        if blobs:
            _look_for_files(kept)
            kept.blobs.sweep()
        for each in lacking():
            log.warning("a limit that this system lacks", what=each)
        queue = Queue(kept, lease=timedelta(seconds=lease))
        Worker(kept, queue=queue, slots=slots, grace=grace, limits=limits, reach=reach).work(stop)


def _look_for_engine() -> None:
    """The children need it; better one clear word now than a dead child per job."""
    if missing := [name for name in _ENGINE if find_spec(name) is None]:
        raise MissingExtra(f"running workflows ({', '.join(missing)})", "engine")


def _look_for_files(store: Store) -> None:
    """A share that is not mounted must not make a worker that takes every job and fails it."""
    newest = store.workflows.list(WorkflowQuery(descending=True, limit=_LOOKED_AT))
    depot = store.blobs.depot
    if newest and not (store.mark.is_there and any(depot.has(each.version.digest) for each in newest)):
        raise UnreadableData(
            f"{depot.where} does not hold the gallery's files",
            hint="name the folder or address that the server has, by --blobs or OPENYX_BLOBS; is it mounted?",
        )


def _stop_on_signals(stop: threading.Event) -> None:
    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the form of a handler
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
