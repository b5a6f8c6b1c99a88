"""Jobs of all workflows, newest first, and cancelling for those who speak V1."""

from __future__ import annotations

from msgspec.structs import asdict

from openyx.api.calls import Nothing
from openyx.api.openyx.jobs import JobSummary, OwnJobs
from openyx.server.handlers import Request, handles
from openyx.server.v3.jobs import summaries
from openyx.store import JobQuery


@handles(OwnJobs.list)
def list_(
    request: Request, *, offset: int | None = None, limit: int | None = None, workflow_id: str | None = None
) -> list[JobSummary]:
    """Jobs in sight, newest first."""
    asked = JobQuery(workflow_id=workflow_id, descending=True, offset=offset or 0, limit=limit)
    found = request.store.jobs.list(asked, sight=request.caller.sight)
    seen = zip(found, summaries(request, found), strict=True)
    return [JobSummary(**asdict(view), disposition=job.disposition) for job, view in seen]


@handles(OwnJobs.cancel)
def cancel(request: Request, job_id: str) -> Nothing:
    """Cancel a job: at once while it waits, by way of its worker while it runs."""
    request.queue.cancel(job_id, by=request.caller.user, sight=request.caller.sight)
    return Nothing()
