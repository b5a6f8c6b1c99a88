"""Show how a gallery of your own is doing: its queue, its workers, its disks."""

from __future__ import annotations

import click

from openyx.amounts import spoken_size
from openyx.cli.shell.durations import spoken
from openyx.cli.shell.options import common_options, pass_session
from openyx.cli.shell.ours import only_ours
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@common_options
@pass_session
def command(session: Session) -> None:
    from openyx.client.http.times import moment

    with only_ours("its status"):
        status = session.gallery.openyx.status.get()
    if session.json:
        session.show_record(status)
        return
    wait = status.queue.oldest_wait
    session.show_facts(
        (
            ("Version", status.version),
            ("Database", status.database),
            ("Waiting", status.queue.waiting),
            ("Oldest wait", None if wait is None else spoken(wait)),
            ("Running", status.queue.running),
            ("Data", room(status.data.free, status.data.total)),
            ("Files", room(status.blobs.free, status.blobs.total)),
            ("Workers", len(status.workers)),
        )
    )
    if status.workers:
        session.put("")
        rows = [
            (each.name, each.host, each.slots, moment(each.heartbeat), "silent" if each.silent else "")
            for each in status.workers
        ]
        session.show([], ("Worker", "Host", "Slots", "Last heard of", "State"), rows)


def room(free: int, total: int) -> str:
    """How much of a disk is free, in words."""
    if not total:  # a folder that is away, files at an address
        return "unknown"
    return f"{spoken_size(free)} of {spoken_size(total)} free"
