"""Run jobs of a gallery that is served elsewhere, on this host or another."""

from __future__ import annotations

import os
from pathlib import Path

import click

from openyx.cli.shell.extras import extra, need_engine
from openyx.cli.shell.folders import data_folder, data_option, made_folder, shared_options
from openyx.errors import AskedWrongly
from openyx.worker.limits import Limits, Reach
from openyx.worker.options import run_options


@click.command(help=__doc__)
@shared_options
@data_option
@run_options
@click.option("--slots", type=click.IntRange(min=1), default=1, show_default=True, help="Jobs at a time.")
@click.option("--grace", type=click.FloatRange(min=0), help="Seconds for running jobs to end at a stop; else 10.")
@click.option("--lease", type=click.FloatRange(min=0.1), hidden=True, help="Seconds of silence allowed.")
@click.option("--tied", is_flag=True, hidden=True, help="Stop when standard input closes.")
def command(
    *,
    store: str,
    blobs: str,
    data: Path | None,
    slots: int,
    limits: Limits,
    reach: Reach,
    grace: float | None,
    lease: float | None,
    tied: bool,
) -> None:
    from openyx import settings

    need_engine("running jobs")
    with extra("server", what="running the jobs of a gallery"):
        from openyx.logs import show_logs
        from openyx.worker.main import work

    store, blobs = store or settings.STORE.value(os.environ), blobs or settings.BLOBS.value(os.environ)
    folder = data_folder(data)
    _check(store, blobs, folder)
    given = {name: value for name, value in {"grace": grace, "lease": lease}.items() if value is not None}
    if not store:
        made_folder(data)
    show_logs()
    work(folder, store=store, blobs=blobs, slots=slots, tied=tied, limits=limits, reach=reach, **given)


def _check(store: str, blobs: str, folder: Path) -> None:
    from openyx.store.addresses import folder_of

    if store and not blobs:
        raise AskedWrongly(
            "a worker with a shared database needs the shared files too",
            hint="--blobs names the folder or address of the server",
        )
    if not blobs:
        return
    if not store and not (folder / "gallery.sqlite").is_file():
        raise AskedWrongly("shared files go with a shared database", hint="--store names it")
    shared = folder_of(blobs)
    if shared and not shared.is_dir():
        raise AskedWrongly(f"there is no folder {shared}", hint="it is the folder of the server; is it mounted?")
