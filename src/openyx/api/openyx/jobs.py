"""Jobs across all workflows with their places and attempts, and cancelling for those who speak V1."""

from __future__ import annotations

from openyx.api.calls import Call, Nothing
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.v3.jobs import PagedJobSummaryView
from openyx.api.wire import Record


class JobSummary(PagedJobSummaryView):
    """A job of any workflow.

    ``position`` is its place in the queue as long as it waits: 1 is the next. ``attempt`` counts how often a worker
    took it, ``lost`` how often its worker vanished.
    """

    disposition: str | None = ""
    position: int | None = None
    attempt: int = 0
    lost: int = 0


class AttemptView(Record):
    """A time that a worker took a job; ``number`` counts from 1.

    ``ending`` says how it ended: ``finished``, ``cancelled``, ``handed_back`` (the worker was stopped) or ``lost`` (it
    vanished); nothing as long as it goes on.
    """

    number: int = 0
    worker: str = ""
    claimed: str | None = None
    started: str | None = None
    ended: str | None = None
    ending: str | None = None


class OwnJobs(Resource[M]):
    """Jobs that the key may see, whatever their workflow."""

    @endpoint("DELETE openyx/v1/jobs/{job_id}")
    def cancel(self, job_id: str) -> Call[Nothing]:
        """Cancel a running job, or delete a queued one."""
        return Call(Nothing)

    @endpoint("GET openyx/v1/jobs/{job_id}")
    def get(self, job_id: str) -> Call[JobSummary]:
        """A job as it stands, with its place in the queue."""
        return Call(JobSummary)

    @endpoint("GET openyx/v1/jobs/{job_id}/attempts")
    def attempts(self, job_id: str) -> Call[list[AttemptView]]:
        """Every time that a worker took a job, in order."""
        return Call(list[AttemptView])

    @endpoint("GET openyx/v1/jobs")
    def list(
        self,
        *,
        offset: int | None = None,
        limit: int | None = None,
        workflow_id: str | None = None,
        statuses: str | None = None,
    ) -> Call[list[JobSummary]]:
        """Jobs, newest first; *statuses* are those of V3's list."""
        asked = {"offset": offset, "limit": limit, "workflowId": workflow_id, "statuses": statuses}
        return Call(list[JobSummary], params=asked)
