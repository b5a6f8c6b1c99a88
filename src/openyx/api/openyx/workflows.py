"""What our own gallery keeps of a workflow beside what the real API has: how its jobs may run."""

from __future__ import annotations

from openyx.api.calls import Call
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.wire import Record


class WorkflowSettings(Record):
    """How the jobs of a workflow may run.

    ``at_once`` is how many may run at the same time, None: as many as there are slots. ``most_attempts`` is how often
    one may begin whose worker vanishes, 1 to 3; with 1 it is not run again.
    """

    most_attempts: int
    at_once: int | None = None


class OwnWorkflows(Resource[M]):
    """Settings of workflows."""

    @endpoint("GET openyx/v1/workflows/{workflow_id}/settings")
    def settings(self, workflow_id: str) -> Call[WorkflowSettings]:
        """How the jobs of a workflow may run."""
        return Call(WorkflowSettings)

    @endpoint("PUT openyx/v1/workflows/{workflow_id}/settings")
    def change(self, workflow_id: str, body: WorkflowSettings) -> Call[WorkflowSettings]:
        """Say how the jobs of a workflow may run; its owner may, and a curator, with the key of a user."""
        return Call(WorkflowSettings, body=body)
