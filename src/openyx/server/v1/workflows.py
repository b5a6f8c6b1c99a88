"""Workflows of the Subscription API: list, questions, start, jobs, package."""

from __future__ import annotations

from msgspec import UNSET

from openyx.api.v1.jobs import EnqueueJob, JobApiView, JobListApiView
from openyx.api.v1.workflows import QuestionView, WorkflowApiView, Workflows
from openyx.server.exchange import Reply
from openyx.server.handlers import Caller, Request, handles, sends, writes
from openyx.server.listing import choice, descending, sorted_by
from openyx.server.packages import package
from openyx.server.starting import start
from openyx.server.v1.jobs import viewed
from openyx.server.v1.records import job_list_view, question_view, workflow_view
from openyx.store import JobQuery, JobSort, KeyKind, Origin, PackageType, Sight, WorkflowQuery, WorkflowSort

_PACKAGE_TYPES = {kind.lower(): kind for kind in PackageType} | {str(kind.number): kind for kind in PackageType}


@handles(Workflows.list)
def list_(
    request: Request,
    *,
    sort_field: str | None = None,
    direction: str | None = None,
    offset: int | None = None,
    limit: int | None = None,
    search: str | None = None,
    package_type: int | str | None = None,
) -> list[WorkflowApiView]:
    """The workflows of the studio that the key belongs to."""
    asked = WorkflowQuery(
        search=search,
        package_type=choice("packageType", str(package_type), _PACKAGE_TYPES) if package_type else None,
        sort=sorted_by(WorkflowSort, sort_field),
        descending=descending(direction),
        offset=offset or 0,
        limit=limit,
    )
    found = request.store.workflows.list(asked, sight=_studio(request.caller))
    return [workflow_view(published, request.shape) for published in found]


@handles(Workflows.questions)
def questions(request: Request, app_id: str) -> list[QuestionView]:
    """The questions of the published version."""
    version = request.store.workflows.find(app_id, sight=request.caller.sight).version
    return [question_view(question) for question in version.questions]


@writes(Workflows.start)
def start_(request: Request, app_id: str, body: EnqueueJob, *, key: str = "") -> JobApiView:
    """Queue a run."""
    priority = "" if body.priority is UNSET else body.priority
    return start(request, app_id, body.questions, viewed=viewed, origin=Origin.SUBSCRIPTION, priority=priority, key=key)


@handles(Workflows.jobs)
def jobs(
    request: Request,
    app_id: str,
    *,
    sort_field: str | None = None,
    direction: str | None = None,
    offset: int | None = None,
    limit: int | None = None,
) -> list[JobListApiView]:
    """The jobs of a workflow that came through this API."""
    published = request.store.workflows.find(app_id, sight=request.caller.sight)
    asked = JobQuery(
        workflow_id=published.workflow.id,
        origin=Origin.SUBSCRIPTION,
        sort=sorted_by(JobSort, sort_field),
        descending=descending(direction),
        offset=offset or 0,
        limit=limit,
    )
    amp = str(published.version.is_amp) if request.shape.amp else UNSET
    return [job_list_view(job, amp) for job in request.store.jobs.list(asked, sight=request.caller.sight)]


@sends(Workflows.package)
def package_(request: Request, app_id: str, *, version: str | None = None) -> Reply:
    """The workflow's package."""
    return package(request, app_id, version)


def _studio(caller: Caller) -> Sight:
    """A subscription list is that of the key's studio, also for those who may see more."""
    return Sight(user_id=caller.user.id, studio_id=caller.key.studio_id, kind=KeyKind.STUDIO)
