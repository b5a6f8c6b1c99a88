"""Jobs of V3: state, messages, cancel, and the queue of all."""

from __future__ import annotations

from openyx.api.calls import Nothing
from openyx.api.v1.jobs import MessageView
from openyx.api.v3.jobs import Jobs, JobView, PagedJobs, PagedJobSummaryView
from openyx.server.handlers import Request, handles
from openyx.server.listing import descending, moment, several, sorted_by, words
from openyx.server.v1.records import message_views
from openyx.server.v3.records import job_view, pagination, summary
from openyx.store import Job, JobQuery, JobSort, Priority, State

_STATES: dict[str, tuple[State, ...]] = {
    "queued": (State.QUEUED, State.CLAIMED),
    "initializing": (State.CLAIMED,),
    "running": (State.RUNNING,),
    "complete": (State.FINISHED, State.GIVEN_UP),
    "completed": (State.FINISHED, State.GIVEN_UP),
    "cancelled": (State.CANCELLED,),
}
_PRIORITIES = {each.name.lower(): each for each in Priority} | {str(each.value): each for each in Priority}


@handles(Jobs.get)
def get(request: Request, job_id: str, *, include_messages: bool | None = None) -> JobView:
    """A job as it stands."""
    job = request.store.jobs.find(job_id, sight=request.caller.sight)
    return viewed(request, job, messages=include_messages is not False)


@handles(Jobs.messages)
def messages(request: Request, job_id: str) -> list[MessageView]:
    """All messages of a job."""
    job = request.store.jobs.find(job_id, sight=request.caller.sight)
    return message_views(request.store.messages.of(job.id))


@handles(Jobs.cancel)
def cancel(request: Request, job_id: str) -> Nothing:
    """Cancel a job: at once while it waits, by way of its worker while it runs."""
    request.queue.cancel(job_id, by=request.caller.user, sight=request.caller.sight)
    return Nothing()


@handles(Jobs.list)
def list_(
    request: Request,
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
) -> PagedJobs:
    """A page of the caller's jobs, of everybody's when a curator asks for that."""
    everybody = bool(all_users) and request.caller.is_curator
    asked = JobQuery(
        states=states(statuses),
        priorities=several("priorities", priorities, _PRIORITIES),
        user_ids=words(users) if everybody else (request.caller.user.id,),
        workflow_names=words(workflow_names),
        completed_after=moment("completedAfter", completed_after),
        completed_before=moment("completedBefore", completed_before),
        sort=sorted_by(JobSort, sort_field),
        descending=descending(direction),
        offset=offset or 0,
        limit=limit,
    )
    sight = request.caller.sight
    found = request.store.jobs.list(asked, sight=sight)
    total = request.store.jobs.count(asked, sight=sight)
    return PagedJobs(data=summaries(request, found), pagination=pagination(asked.offset, limit, total))


def states(statuses: str | None) -> tuple[State, ...]:
    """The states that words between commas mean; Unfit."""
    return tuple(state for meant in several("statuses", statuses, _STATES) for state in meant)


def viewed(request: Request, job: Job, *, messages: bool = True) -> JobView:
    """The record of a job, with its outputs once it is over."""
    store = request.store
    return job_view(
        job,
        outputs=store.outputs.of(job.id) if job.over else (),
        messages=store.messages.of(job.id) if messages and not job.is_new else (),
        amp=store.versions.kept(job.version_id).is_amp,
    )


def summaries(request: Request, jobs: list[Job]) -> list[PagedJobSummaryView]:
    """Jobs with the names of their workflows and users, each of which is looked up once."""
    store = request.store
    workflows = {id_: store.workflows.find(id_).workflow.name for id_ in {job.workflow_id for job in jobs}}
    users = {id_: store.users.find(id_).name for id_ in {job.user_id for job in jobs}}
    now = store.clock()
    return [summary(job, workflows[job.workflow_id], users[job.user_id], now) for job in jobs]
