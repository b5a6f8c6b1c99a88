"""The end of a run: waited for, its files saved, its record or its files printed, its outcome raised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openyx.cli.shell.following import follow, save
from openyx.cli.shell.output import plain
from openyx.errors import JobCancelled, JobFailed, TimedOut

if TYPE_CHECKING:
    from openyx.api.declaring import Sync
    from openyx.cli.shell.session import Session
    from openyx.client.jobs import Job


def finish(
    session: Session,
    job: Job[Sync],
    *,
    timeout: float | None = None,
    output: Path | None = None,
    format: str | None = None,  # noqa: A002 - the API's own word
) -> None:
    """Wait for *job*, save its files into *output*, and print its record (as JSON) or the paths of its files.

    A run that was no success, and one whose files could not be saved, prints its record too, and raises.
    """
    try:
        follow(session, job, job.workflow_name or f"job {job.id}", timeout=timeout)
    except (JobFailed, JobCancelled, TimedOut):
        put_record(session, job)
        raise
    try:
        if output is not None:
            save(session, job, output, format=format)
    finally:
        put_record(session, job)
    _offer(session, job)


def put_record(session: Session, job: Job[Sync]) -> None:
    """The job's record with ``saved``, where JSON was asked for."""
    if session.json:
        session.show_record(plain(job.record) | {"saved": [str(path) for path in job.saved]})


def _offer(session: Session, job: Job[Sync]) -> None:
    if job.saved or not job.outputs:
        return
    names = ", ".join(each.name or each.id for each in job.outputs)
    session.say(f"It made {names}.  Get it:  yx jobs download {job.id}")
