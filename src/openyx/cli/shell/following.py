"""Following a job to its end: what is told meanwhile, what Ctrl-C does, where its files go."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx.cli.shell.watching import Watch, watch
from openyx.errors import JobCancelled, NotFound

if TYPE_CHECKING:
    from openyx.api.declaring import Sync
    from openyx.cli.shell.session import Session
    from openyx.client.jobs import Job


class Interrupted(KeyboardInterrupt):
    """The wait was ended by the user; ``hint`` says how to go on."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def follow(session: Session, job: Job[Sync], title: str, *, timeout: float | None = None) -> Job[Sync]:
    """Wait until *job* is over and tell what happens.

    Raises what :meth:`Job.wait` raises, and ``Interrupted`` when the user leaves it to itself.
    """
    told = _Told()
    until = None if timeout is None else time.monotonic() + timeout
    cancelled = False
    while True:
        try:
            with watch(session, title, since=told.began) as shown:
                left = None if until is None else max(until - time.monotonic(), 0.0)
                job.wait(timeout=left, on_update=lambda each: told.update(shown, each), check=not cancelled)
            break
        except KeyboardInterrupt:
            cancelled = _interrupted(session, job) or cancelled
    if cancelled and not job.succeeded:
        raise JobCancelled(f"the job {job.id} was cancelled", job=job)
    return job


class _Told:
    """What of a job was told already, over all waits."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._messages = 0

    def update(self, shown: Watch, job: Job[Sync]) -> None:
        shown.state(state_of(job))
        for message in job.messages[self._messages :]:
            shown.message(message)
        self._messages = max(self._messages, len(job.messages))


def state_of(job: Job[Sync]) -> str:
    """Where a job stands, in the server's words: ``Running``, ``Completed: Success``."""
    return f"{job.status}: {job.disposition}" if job.over and job.disposition else job.status


def _interrupted(session: Session, job: Job[Sync]) -> bool:
    """What the user wants after Ctrl-C; whether the job was cancelled. Another signal, or no terminal: leave."""
    left = Interrupted(f"{session.interruption}; the job {job.id} goes on", hint=f"yx jobs wait {job.id}")
    if not session.can_ask:
        raise left
    try:
        choice = click.prompt(
            "Interrupted. [d]etach and let it run, [c]ancel it, or [g]o on waiting",
            type=click.Choice(["d", "c", "g"]),
            default="d",
            show_choices=False,
            err=True,
        )
    except click.Abort:
        click.echo(err=True)  # the line with ^C in it ends
        raise left from None
    if choice == "d":
        raise left
    return choice == "c" and _cancel(session, job)


def _cancel(session: Session, job: Job[Sync]) -> bool:
    try:
        job.cancel()
    except NotFound as error:
        session.say(f"It cannot be cancelled: {error.message}")
        return False
    return True


def save(
    session: Session,
    job: Job[Sync],
    folder: Path,
    *,
    format: str | None = None,  # noqa: A002 - the API's own word
) -> None:
    """Save all files of a job into *folder*, which is made, and tell their paths, also of those before one that fails.

    With JSON they are told by who calls, from ``job.saved``.
    """
    from openyx.cli.shell.progress import progress
    from openyx.client.outputs import kept_by
    from openyx.client.saving import ready

    with kept_by(job.id):
        ready(folder)
        for output in job.outputs:
            with progress(session, output.name or output.id) as moved:
                path = output.save(folder, format=format, progress=moved)
            job.saved += (path,)
            if not session.json:
                session.put(str(path))
