"""Waiting for a job: how often it is asked about, what ends the wait, and how its end is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from numbers import Real
from typing import TYPE_CHECKING

from openyx.api.calls import Flow, Sleep
from openyx.api.declaring import M
from openyx.client import asking
from openyx.client.http import retry
from openyx.client.session import Session
from openyx.client.states import State
from openyx.errors import AskedWrongly, JobCancelled, JobFailed, ServerError, TimedOut, Unreachable
from openyx.messages import Kind, Message

if TYPE_CHECKING:
    from openyx.client.jobs import Job

OUTAGE = 900.0
"""Seconds without any answer after which a wait without a time-out gives up."""


def check(timeout: object) -> None:
    """Raise ``AskedWrongly`` for what is no time to wait; ask before a start."""
    if timeout is None or (isinstance(timeout, Real) and float(timeout) >= 0):
        return
    raise AskedWrongly(f"{timeout!r} is no time to wait", hint="timeout= takes seconds: a number, 0 or more")


def wait(
    job: Job[M],
    take: Callable[[State], bool],
    *,
    timeout: float | None,
    on_update: Callable[[Job[M]], object] | None,
    session: Session,
) -> Flow[None]:
    """Ask about *job* until it is over; *take* takes each state and says whether it changed.

    Raises ``TimedOut``; without a *timeout*, what kept the server away for a quarter of an hour.
    """
    clock = session.options.clock
    begun = heard = clock()
    until = None if timeout is None else begun + timeout
    if on_update:
        on_update(job)
    for pause in _pauses(session):
        if job.over:
            return
        now = clock()
        if until is not None and now >= until:
            raise _timed_out(job, timeout)
        yield Sleep(pause if until is None else min(pause, until - now))
        left = None if until is None else max(1.0, until - clock())
        try:
            told = yield from asking.job(session, job.id, timeout=left, once=True)
        except (Unreachable, ServerError) as problem:
            if not retry.passing(problem) or (until is None and clock() - heard > OUTAGE):
                raise
            if (asked := retry.asked(problem)) and (until is None or clock() + asked < until):
                yield Sleep(asked)
            continue
        heard = clock()
        if take(told) and on_update:
            on_update(job)


def _pauses(session: Session) -> Iterator[float]:
    """Pauses between two looks, from 1 to 10 seconds with jitter; our own gallery is asked sooner at first."""
    pause = 0.05 if session.ours else 1.0
    while True:
        yield pause * (0.8 + 0.4 * session.options.chance())
        pause = min(10.0, pause * (2 if pause < 1 else 1.5))


def judge(job: Job[M]) -> None:
    """Raise what a job that is over and was no success means."""
    if job.succeeded:
        return
    if job.cancelled:
        raise JobCancelled(f"the job {job.id} was cancelled", job=job)
    errors = [each for each in job.messages if each.kind is Kind.ERROR]
    said = _said(errors or list(job.messages)[-3:])
    if job.disposition.lower() == "error":
        how = "failed"
    elif not job.disposition or job.disposition.lower() == "none":
        how = f"is over ({job.status}) and the server does not say how it ended"
    else:
        how = f"is over with the disposition {job.disposition!r}, which is no success that is known"
    raise JobFailed(f"the job {job.id}{_of(job)} {how}{said}", job=job, messages=job.messages)


def _said(messages: list[Message]) -> str:
    lines = [f"\n  {f'tool {each.tool}: ' if each.tool >= 0 else ''}{each.text}" for each in messages[:10]]
    return "".join(lines) + (f"\n  … and {len(messages) - 10} more" if len(messages) > 10 else "")


def _of(job: Job[M]) -> str:
    return f" of {job.workflow_name!r}" if job.workflow_name else ""


def _timed_out(job: Job[M], timeout: float | None) -> TimedOut:
    seconds = round(timeout or 0.0, 1)
    waited = f"after {seconds:g} s" if seconds else "yet"
    return TimedOut(
        f"the job {job.id}{_of(job)} is not over {waited} ({job.status or 'status unknown'}); it goes on",
        job=job,
        hint=f"go on waiting: gallery.job({job.id!r}).wait(), or yx jobs wait {job.id}",
    )
