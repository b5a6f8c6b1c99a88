"""Jobs across all workflows, and cancelling for those who speak V1."""

from __future__ import annotations

from openyx.api.calls import Call, Nothing
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.v3.jobs import PagedJobSummaryView


class JobSummary(PagedJobSummaryView):
    """A job of any workflow, newest first."""

    disposition: str | None = ""


class OwnJobs(Resource[M]):
    """Jobs that the key may see, whatever their workflow."""

    @endpoint("DELETE openyx/v1/jobs/{job_id}")
    def cancel(self, job_id: str) -> Call[Nothing]:
        """Cancel a running job, or delete a queued one."""
        return Call(Nothing)

    @endpoint("GET openyx/v1/jobs")
    def list(
        self, *, offset: int | None = None, limit: int | None = None, workflow_id: str | None = None
    ) -> Call[list[JobSummary]]:
        """Jobs, newest first."""
        return Call(list[JobSummary], params={"offset": offset, "limit": limit, "workflowId": workflow_id})
