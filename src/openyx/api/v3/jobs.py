"""Jobs of the V3 API."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from openyx.api.calls import Call, Nothing
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.v1.jobs import Answer, MessageView
from openyx.api.wire import Record


class EnqueueJobContract(Record):
    """What starts a run."""

    worker_tag: str | UnsetType = UNSET
    credential_id: str | UnsetType = UNSET
    questions: list[Answer] = []
    priority: str | UnsetType = UNSET


class OutputDataView(Record):
    """A file that a run made. ``name`` and ``format`` are ours beside the real members: a known client reads them."""

    id: str = ""
    available_formats: list[str] | None = []
    file_name: str | None = ""
    name: str | UnsetType | None = UNSET
    format: str | UnsetType | None = UNSET


class JobView(Record):
    """A job; ``create_date_time`` is what V1 calls ``createDate``."""

    id: str = ""
    app_id: str | None = ""
    create_date_time: str | None = None
    status: str | None = ""
    disposition: str | None = ""
    outputs: list[OutputDataView] | None = []
    messages: list[MessageView] | None = []
    priority: str | int | None = "Default"
    worker_tag: str | None = ""
    run_with_e2: bool | str | None = None


class WorkflowJobView(Record):
    """A job in a workflow's list."""

    id: str = ""
    create_date: str | None = None
    status: str | None = ""
    priority: str | int | None = "Default"
    worker_tag: str | None = ""
    run_with_e2: bool | str | None = None


class PagedJobSummaryView(Record):
    """A job in the queue of all workflows; ``execution_time`` is a duration as text."""

    job_id: str = ""
    status: str | None = ""
    workflow_name: str | None = ""
    workflow_id: str | None = ""
    submitted_by: str | None = ""
    start_time: str | None = None
    queue_time: str | None = None
    execution_time: str | None = None
    priority: str | int | None = "Default"


class PaginationInfo(Record):
    """Where a page stands; ``current_page`` counts from 1."""

    current_page: int = 1
    page_size: int = 0
    total_items: int = 0
    total_pages: int = 0
    has_next_page: bool = False
    has_previous_page: bool = False


class PagedJobs(Record):
    """A page of the queue."""

    data: list[PagedJobSummaryView] = []
    pagination: PaginationInfo = field(default_factory=PaginationInfo)


class Jobs(Resource[M]):
    """Single jobs, and the queue of all."""

    @endpoint("GET v3/jobs/{job_id}")
    def get(self, job_id: str, *, include_messages: bool | None = None) -> Call[JobView]:
        """A job, with its messages unless told otherwise."""
        return Call(JobView, params={"includeMessages": include_messages})

    @endpoint("GET v3/jobs/{job_id}/messages")
    def messages(self, job_id: str) -> Call[list[MessageView]]:
        """All messages of a job. The Swagger document declares one object; servers answer with a list."""
        return Call(list[MessageView])

    @endpoint("DELETE v3/jobs/{job_id}")
    def cancel(self, job_id: str) -> Call[Nothing]:
        """Cancel a running job, or delete a queued one (newest servers only)."""
        return Call(Nothing)

    @endpoint("GET v3/jobs")
    def list(
        self,
        *,
        sort_field: str | None = None,
        direction: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        priorities: str | None = None,
        statuses: str | None = None,
        users: str | None = None,
        all_users: bool | None = None,
        workflow_names: str | None = None,
        completed_before: str | None = None,
        completed_after: str | None = None,
    ) -> Call[PagedJobs]:
        """A page of the jobs of all workflows (newest servers only)."""
        return Call(
            PagedJobs,
            params={
                "sortField": sort_field,
                "direction": direction,
                "offset": offset,
                "limit": limit,
                "priorities": priorities,
                "statuses": statuses,
                "users": users,
                "allUsers": all_users,
                "workflowNames": workflow_names,
                "completedBefore": completed_before,
                "completedAfter": completed_after,
            },
        )
