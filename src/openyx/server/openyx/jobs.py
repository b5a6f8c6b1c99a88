"""Jobs of all workflows with their places and attempts, and cancelling for those who speak V1."""

from __future__ import annotations

from msgspec.structs import asdict

from openyx.api.calls import Nothing
from openyx.api.openyx.jobs import AttemptView, JobSummary, OwnJobs
from openyx.api.wire import timestamp
from openyx.server.handlers import Request, handles
from openyx.server.v3.jobs import states, summaries
from openyx.store import Attempt, Job, JobQuery


@handles(OwnJobs.list)
def list_(
    request: Request,
    *,
    offset: int | None = None,
    limit: int | None = None,
    workflow_id: str | None = None,
    statuses: str | None = None,
) -> list[JobSummary]:
    """Jobs in sight, newest first."""
    asked = JobQuery(workflow_id=workflow_id, states=states(statuses), descending=True, offset=offset or 0, limit=limit)
    return _summaries(request, request.store.jobs.list(asked, sight=request.caller.sight))


@handles(OwnJobs.get)
def get(request: Request, job_id: str) -> JobSummary:
    """A job as it stands."""
    (found,) = _summaries(request, [request.store.jobs.find(job_id, sight=request.caller.sight)])
    return found


@handles(OwnJobs.attempts)
def attempts(request: Request, job_id: str) -> list[AttemptView]:
    """Every time that a worker took a job."""
    job = request.store.jobs.find(job_id, sight=request.caller.sight)
    return [_attempt(each) for each in request.store.attempts.of(job.id)]


@handles(OwnJobs.cancel)
def cancel(request: Request, job_id: str) -> Nothing:
    """Cancel a job: at once while it waits, by way of its worker while it runs."""
    request.queue.cancel(job_id, by=request.caller.user, sight=request.caller.sight)
    return Nothing()


def _summaries(request: Request, jobs: list[Job]) -> list[JobSummary]:
    places = request.store.turns.positions(jobs)
    return [
        JobSummary(
            **asdict(view),
            disposition=job.disposition,
            position=places.get(job.id),
            attempt=job.attempt,
            lost=job.lost,
        )
        for job, view in zip(jobs, summaries(request, jobs), strict=True)
    ]


def _attempt(attempt: Attempt) -> AttemptView:
    return AttemptView(
        number=attempt.number,
        worker=attempt.worker,
        claimed=timestamp(attempt.claimed_at),
        started=timestamp(attempt.started_at) if attempt.started_at else None,
        ended=timestamp(attempt.ended_at) if attempt.ended_at else None,
        ending=attempt.ending,
    )
