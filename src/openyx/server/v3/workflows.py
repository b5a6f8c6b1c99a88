"""Workflows of V3: list, get, publish, versions, questions, package, start."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from openyx.api.calls import Part
from openyx.api.v3.jobs import EnqueueJobContract, JobView, WorkflowJobView
from openyx.api.v3.workflows import ReducedWorkflowView, WorkflowQuestionView, Workflows, WorkflowView
from openyx.errors import Conflict, NotAllowed
from openyx.logs import Events
from openyx.server.exchange import Reply
from openyx.server.failures import Unfit
from openyx.server.handlers import Request, handles, sends, writes
from openyx.server.listing import choice, descending, moment, sorted_by
from openyx.server.packages import package
from openyx.server.publishing import Form, form_of, kept, may_publish, named, new_version, new_workflow, owner
from openyx.server.starting import start
from openyx.server.v3.jobs import viewed
from openyx.server.v3.records import question_view, reduced_workflow, workflow_job, workflow_view
from openyx.store import Disposition, JobQuery, JobSort, Origin, State, Workflow, WorkflowQuery

events = Events("openyx.server")

_VIEWS = {"default": "Default", "full": "Full"}
_STATUSES: dict[str, tuple[tuple[State, ...], tuple[Disposition, ...]]] = {
    "complete": ((State.FINISHED, State.GIVEN_UP), ()),
    "completed": ((State.FINISHED, State.GIVEN_UP), ()),
    "error": ((State.FINISHED, State.GIVEN_UP), (Disposition.ERROR,)),
    "running": ((State.RUNNING,), ()),
    "queued": ((State.QUEUED, State.CLAIMED), ()),
    "cancelled": ((State.CANCELLED,), ()),
}
_RESULTS = {each.lower(): each for each in (Disposition.SUCCESS, Disposition.WARNING, Disposition.ERROR)}


@handles(Workflows.list)
def list_(
    request: Request,
    *,
    view: str | None = None,
    name: str | None = None,
    owner_id: str | None = None,
    created_after: str | None = None,
    created_before: str | None = None,
) -> list[ReducedWorkflowView]:
    """All workflows in sight; both views show the same record."""
    choice("view", view or "Default", _VIEWS)
    asked = WorkflowQuery(
        name=name,
        owner_id=owner_id,
        created_after=moment("createdAfter", created_after),
        created_before=moment("createdBefore", created_before),
    )
    found = request.store.workflows.list(asked, sight=request.caller.sight)
    return [reduced_workflow(published) for published in found]


@handles(Workflows.get)
def get(request: Request, workflow_id: str) -> WorkflowView:
    """One workflow with its versions."""
    return _viewed(request, workflow_id)


@handles(Workflows.publish)
def publish(request: Request, *parts: Part) -> str:
    """A new workflow; its id."""
    may_publish(request.caller)
    form = form_of(parts)
    version = new_version(parts, form, request.shape.upload_source)
    new = new_workflow(request, form, version)
    try:
        published = request.store.workflows.publish(new, kept(parts, version), by=request.caller.user.id)
    except Conflict as error:
        raise Unfit("contract.SourceAppId", error.message) from error
    events.info("workflow published", workflow=published.workflow.id, version=published.version.id)
    return published.workflow.id


@handles(Workflows.new_version)
def version(request: Request, workflow_id: str, *parts: Part) -> WorkflowView:
    """A new version of a workflow, which is published unless told otherwise."""
    may_publish(request.caller)
    workflow = request.store.workflows.find(workflow_id, sight=request.caller.sight).workflow
    _check_may_change(request, workflow)
    form = form_of(parts)
    _check_owner(request, form, workflow)
    read = new_version(parts, form, request.shape.upload_source)
    publish = form.truth("makePublished", default=True)
    added = request.store.workflows.add_version(
        workflow_id, kept(parts, read), by=request.caller.user.id, publish=publish
    )
    events.info("version published", workflow=workflow_id, version=added.id)
    return _viewed(request, workflow_id)


@handles(Workflows.questions)
def questions(request: Request, workflow_id: str, *, version_id: str | None = None) -> list[WorkflowQuestionView]:
    """The questions of a version, of the published one unless one is named."""
    found = request.store.workflows.find(workflow_id, sight=request.caller.sight).version
    if version_id:
        found = request.store.versions.find(version_id, workflow_id=workflow_id)
    return [question_view(question) for question in found.questions]


@sends(Workflows.package)
def package_(request: Request, workflow_id: str, *, version_id: str | None = None) -> Reply:
    """The workflow's package."""
    return package(request, workflow_id, version_id)


@writes(Workflows.start)
def start_(request: Request, workflow_id: str, body: EnqueueJobContract, *, key: str = "") -> JobView:
    """Queue a run."""
    if _text(body.credential_id):
        raise Unfit("contract.CredentialId", f"Credential {body.credential_id} was not found.")
    return start(
        request,
        workflow_id,
        body.questions,
        viewed=viewed,
        origin=Origin.USER,
        priority=_text(body.priority),
        worker_tag=named("contract.WorkerTag", _text(body.worker_tag)),
        key=key,
    )


@handles(Workflows.jobs)
def jobs(
    request: Request,
    workflow_id: str,
    *,
    sort_field: str | None = None,
    direction: str | None = None,
    offset: int | None = None,
    limit: int | None = None,
    status: str | None = None,
    result_code: str | None = None,
) -> list[WorkflowJobView]:
    """The jobs of a workflow, through whatever door they came."""
    published = request.store.workflows.find(workflow_id, sight=request.caller.sight)
    states, dispositions = choice("status", status, _STATUSES) if status else ((), ())
    asked = JobQuery(
        workflow_id=workflow_id,
        states=states,
        dispositions=(choice("resultCode", result_code, _RESULTS),) if result_code else dispositions,
        sort=sorted_by(JobSort, sort_field),
        descending=descending(direction),
        offset=offset or 0,
        limit=limit,
    )
    found = request.store.jobs.list(asked, sight=request.caller.sight)
    return [workflow_job(job, amp=published.version.is_amp) for job in found]


def _viewed(request: Request, workflow_id: str) -> WorkflowView:
    workflow = request.store.workflows.find(workflow_id, sight=request.caller.sight).workflow
    return workflow_view(workflow, request.store.versions.of(workflow_id))


def _check_may_change(request: Request, workflow: Workflow) -> None:
    if not (request.caller.is_curator or workflow.owner_id == request.caller.user.id):
        raise NotAllowed(f"Workflow {workflow.id} may be changed by its owner only.")


def _check_owner(request: Request, form: Form, workflow: Workflow) -> None:
    """A version does not move a workflow to another owner: that is a transfer."""
    if owner(request, form, default=workflow.owner_id) != workflow.owner_id:
        raise Unfit("contract.OwnerId", f"Workflow {workflow.id} belongs to user {workflow.owner_id}.")


def _text(value: str | UnsetType) -> str:
    return "" if value is UNSET else value
