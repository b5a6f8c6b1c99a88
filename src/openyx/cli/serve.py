"""Serve a gallery of your own, with workers that run its jobs."""

from __future__ import annotations

import ipaddress
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx.cli.serving.keeping import keep_options, sweeping
from openyx.cli.shell.durations import Duration
from openyx.cli.shell.extras import extra, need_engine
from openyx.cli.shell.folders import data_folder, data_option, opened_store, shared_options
from openyx.cli.shell.options import json_option, pass_session, quiet_option
from openyx.cli.shell.session import Session
from openyx.settings import BLOBS, STORE
from openyx.worker.limits import Limits, Reach, keep_apart
from openyx.worker.options import arguments, run_options

if TYPE_CHECKING:
    from openyx.store import Keep

_OPEN = "listening beyond this machine without TLS: tokens and data can be read on the way"
_FILES_HERE = "the database is shared, the files are not: they lie on this host alone"


@click.command(help=__doc__)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0: a free one.")
@data_option
@shared_options
@click.option(
    "--workers", type=click.IntRange(min=0), default=1, show_default=True, help="Jobs at a time; 0: others run them."
)
@run_options
@keep_options
@click.option("--compat", default="2021.4", show_default=True, metavar="AGE", help="2019, 2021.4, 2022 or 2025.")
@click.option("--base-address", default="", metavar="URL", help="What its users call it, behind a proxy.")
@click.option("--trust-forwarded", is_flag=True, help="Believe the X-Forwarded headers of a proxy in front.")
@click.option("--time-window", type=Duration(), help="Refuse OAuth 1 requests signed earlier or later, such as 5m.")
@click.option("--origin", "origins", multiple=True, metavar="URL", help="A web page that may call it.")
@click.option("--tied", is_flag=True, hidden=True, help="Stop when standard input closes.")
@json_option
@quiet_option
@pass_session
def command(
    session: Session,
    *,
    host: str,
    port: int,
    data: Path | None,
    store: str,
    blobs: str,
    workers: int,
    limits: Limits,
    reach: Reach,
    keep: Keep,
    compat: str,
    base_address: str,
    trust_forwarded: bool,
    time_window: float | None,
    origins: tuple[str, ...],
    tied: bool,
) -> None:
    with extra("server", what="serving a gallery"):
        from openyx import server
        from openyx.logs import show_logs
        from openyx.server.run import address
    if workers:
        need_engine("running jobs")
    from openyx.cli.serving.workers import workers as running_workers
    from openyx.queue import Queue
    from openyx.store.addresses import folder_of
    from openyx.worker.parent import when_parent_is_gone

    settings = server.Settings(
        compat=server.compat(compat),
        base_address=base_address,
        trust_forwarded=trust_forwarded,
        time_window=None if time_window is None else timedelta(seconds=time_window),
        origins=origins,
    )
    folder = data_folder(data)
    shared = folder_of(blobs or BLOBS.value(os.environ))
    keep_apart(reach, folder, *([shared] if shared else []))
    show_logs()
    with opened_store(folder, store=store, blobs=blobs) as kept, kept.folder.server_lock().held():
        kept.mark.refuse_anothers()
        with (
            server.listen(host, port) as bound,
            sweeping(kept, keep),
            running_workers(folder, workers, store=store, blobs=blobs, more=arguments(limits, reach)),
        ):
            if not _local(bound.getsockname()[0]) and not base_address.startswith("https:"):
                _warn(_OPEN, "Put a proxy with TLS in front, and name it by --base-address.", host=host)
            if (store or STORE.value(os.environ)) and not (blobs or BLOBS.value(os.environ)):
                _warn(
                    _FILES_HERE, "Workers on other hosts need --blobs, here and there.", folder=str(kept.folder.blobs)
                )
            if tied:
                when_parent_is_gone(lambda: signal.raise_signal(signal.SIGTERM))

            def announce(text: str) -> None:
                if session.json:
                    session.show_record({"url": f"{address(bound)}/gallery/", "data": str(folder)})
                else:
                    session.put(f"{text}/gallery/  (data in {folder}; Ctrl-C stops it)")

            server.serve(kept, Queue(kept), bound, settings, announce=announce)


def _local(address: str) -> bool:
    """Whether nobody but this machine reaches an address; a name has been looked up by then."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _warn(text: str, advice: str, **about: str) -> None:
    from openyx.cli.serving.workers import events

    if sys.stderr.isatty():
        told = ", ".join(about.values())
        click.secho(f"WARNING: {text} ({told}). {advice}", fg="red", err=True)
    else:
        events.warning(text, advice=advice, **about)
