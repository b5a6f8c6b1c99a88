"""List, show, wait for, cancel and download jobs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx.cli.shell.durations import Duration
from openyx.cli.shell.options import common_options, pass_session, refuse
from openyx.cli.shell.output import plain
from openyx.cli.shell.session import Session
from openyx.errors import OpenYXError

if TYPE_CHECKING:
    from openyx.api.openyx.jobs import AttemptView


@click.group(help=__doc__)
def command() -> None:
    pass


@command.command("list")
@click.option("--workflow", metavar="NAME", help="Only the jobs of this workflow.")
@click.option("--status", metavar="WORD", help="Only jobs in this state, such as Running.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@common_options
@pass_session
def list_(session: Session, *, workflow: str | None, status: str | None, limit: int) -> None:
    """List jobs, newest first."""
    jobs = session.gallery.jobs(workflow=workflow, status=status, limit=limit)
    rows = [(each.id, each.workflow_name, each.status, each.disposition, each.created, each.position) for each in jobs]
    heads = ("Id", "Workflow", "Status", "Disposition", "Started", "Position")
    session.show([each.record for each in jobs], heads, rows)


@command.command()
@click.argument("job_id", metavar="ID")
@common_options
@pass_session
def show(session: Session, job_id: str) -> None:
    """Show a job with its attempts and its outputs."""
    job = session.gallery.job(job_id)
    own = session.gallery.openyx.jobs if session.gallery.ours else None
    attempts = own.attempts(job_id) if own else []
    position = own.get(job_id).position if own and not job.over else None
    if session.json:
        more = {"position": position, "attempts": [plain(each) for each in attempts]} if own else {}
        session.show_record(plain(job.record) | more)
        return
    session.show_facts(
        (
            ("Id", job.id),
            ("Workflow", job.workflow_name or job.workflow_id),
            ("Status", job.status),
            ("Disposition", job.disposition),
            ("Priority", job.priority),
            ("Started", job.created),
            ("Position", position),
            ("Messages", len(job.messages) or None),
        )
    )
    if attempts:
        session.put("")
        heads = ("Attempt", "Worker", "Claimed", "Started", "Ended", "Ending")
        session.show([], heads, [_told(each) for each in attempts])
    if job.outputs:
        session.put("")
        rows = [(each.id, each.name, ", ".join(each.formats)) for each in job.outputs]
        session.show([], ("Output", "Name", "Formats"), rows)


@command.command()
@click.argument("job_id", metavar="ID")
@click.option("--timeout", type=Duration(), help="How long to wait, such as 2h; the job goes on after it.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Save its files there.")
@click.option("--format", "format_", metavar="FORMAT", help="In this format, such as Csv; as they are otherwise.")
@common_options
@pass_session
def wait(session: Session, job_id: str, *, timeout: float | None, output: Path | None, format_: str | None) -> None:
    """Wait until a job is over; its outcome is the exit status."""
    refuse("for the files that --output saves", {"--format": format_ is not None and output is None})
    from openyx.cli.shell.ending import finish
    from openyx.client.saving import ready

    if output is not None:
        ready(output)
    finish(session, session.gallery.job(job_id), timeout=timeout, output=output, format=format_)


@command.command()
@click.argument("job_ids", metavar="ID...", nargs=-1, required=True)
@common_options
@pass_session
def cancel(session: Session, job_ids: tuple[str, ...]) -> None:
    """Cancel running jobs, or take queued ones out of the queue.

    One that cannot be cancelled is told, and does not keep the others; the first one of these is the exit status.
    """
    from openyx.cli.shell.problems import told

    records: list[object] = []
    failures: list[int] = []
    for job_id in job_ids:
        try:
            records.append(_cancelled(session, job_id))
        except OpenYXError as problem:
            failures.append(told(problem, session))
    if session.json and records:
        session.show_record(records)
    if failures:
        raise click.exceptions.Exit(failures[0])


@command.command()
@click.argument("job_id", metavar="ID")
@common_options
@pass_session
def messages(session: Session, job_id: str) -> None:
    """Print what a job said."""
    from openyx.api.v1.jobs import MessageView

    job = session.gallery.job(job_id)
    records = [MessageView(status=each.kind, text=each.text, tool_id=each.tool) for each in job.messages]
    rows = [(each.kind.name.lower().replace("_", " "), each.tool, each.text) for each in job.messages]
    session.show(records, ("Kind", "Tool", "Text"), rows)


@command.command()
@click.argument("job_id", metavar="ID")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", default=".", help="The folder."
)
@click.option("--format", "format_", metavar="FORMAT", help="The format, such as Csv; the file as it is otherwise.")
@common_options
@pass_session
def download(session: Session, job_id: str, *, output: Path, format_: str | None) -> None:
    """Save the files of a job; nothing is written over.

    Of a job that made none, its outcome is the exit status.
    """
    from openyx.cli.shell.following import save
    from openyx.client.waiting import judge

    job = session.gallery.job(job_id)
    try:
        if job.outputs:
            save(session, job, output, format=format_)
    finally:
        if session.json:
            session.show_record([str(path) for path in job.saved])
    if job.saved:
        return
    if job.over:
        judge(job)
    session.say(f"The job {job_id} made no files." if job.over else f"The job {job_id} is not over yet.")


def _cancelled(session: Session, job_id: str) -> object:
    """Cancel a job, and say so; its record."""
    job = session.gallery.job(job_id)
    if job.over:
        session.say(f"The job {job_id} is over already: {job.status}.")
    else:
        job.cancel()
        session.say(f"The job {job_id} is cancelled.")
    return job.refresh().record


def _told(attempt: AttemptView) -> Sequence[object]:
    from openyx.client.http.times import moment

    began, started, ended = (moment(each) for each in (attempt.claimed, attempt.started, attempt.ended))
    return attempt.number, attempt.worker, began, started, ended, attempt.ending
