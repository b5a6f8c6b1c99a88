"""What can be asked of a server, of whichever generation: V3 where it exists, V1 else, in one form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from openyx.api.calls import Call, Flow, Received, by_offset, gathered, send
from openyx.api.openyx.jobs import OwnJobs
from openyx.api.v1.jobs import Jobs as JobsV1
from openyx.api.v1.workflows import Workflows as WorkflowsV1
from openyx.api.v3.jobs import Jobs as JobsV3
from openyx.api.v3.workflows import Workflows as WorkflowsV3
from openyx.client import saving
from openyx.client.access.known import Family
from openyx.client.entries import Entry, entry
from openyx.client.outputs import Progress
from openyx.client.questions import Question, question
from openyx.client.session import Session
from openyx.client.states import State, state
from openyx.errors import BadAnswer, NotFound

T = TypeVar("T")

PAGE = 1000


def connect(session: Session) -> Flow[str]:
    """Find out what the server speaks, and try the key."""
    server = yield from session.ready()
    seen = yield from workflows(session, None)
    generations = "V1" if server.family is Family.OAUTH1 else "V1" if "workflows" in session.old else "V3 and V1"
    auth = "OAuth 1.0a" if server.family is Family.OAUTH1 else "OAuth 2"
    ours = f" (OpenYX {session.ours})" if session.ours else ""
    return f"Server API {generations}{ours}, {auth}, {len(seen)} workflow{'' if len(seen) == 1 else 's'} visible"


def workflows(session: Session, search: str | None) -> Flow[list[Entry]]:
    """The workflows that the key may see; *search* is the server's filter."""
    return (yield from session.either("workflows", lambda: _workflows_v3(search), lambda: _workflows_v1(search)))


def _workflows_v3(search: str | None) -> Flow[list[Entry]]:
    records = yield from send(WorkflowsV3.list.call(name=search))
    return [entry(record) for record in records]


def _workflows_v1(search: str | None) -> Flow[list[Entry]]:
    pages = by_offset(lambda offset, limit: WorkflowsV1.list.call(search=search, offset=offset, limit=limit), size=PAGE)
    return [entry(record) for record in (yield from gathered(pages))]


def workflow(session: Session, workflow_id: str) -> Flow[Entry]:
    """One workflow by its id."""
    return (
        yield from session.either("workflows", lambda: _workflow_v3(workflow_id), lambda: _workflow_v1(workflow_id))
    )


def _workflow_v3(workflow_id: str) -> Flow[Entry]:
    return entry((yield from send(WorkflowsV3.get.call(workflow_id))))


def _workflow_v1(workflow_id: str) -> Flow[Entry]:
    """V1 has no such call: servers search ids too, and the whole list has it if they do not."""
    for search in (workflow_id, None):
        for each in (yield from _workflows_v1(search)):
            if each.id == workflow_id:
                return each
    raise NotFound(f"there is no workflow with the id {workflow_id!r}", hint=SEEN)


SEEN = "only what this key may see was searched"


def questions(session: Session, workflow_id: str) -> Flow[tuple[Question, ...]]:
    """The questions of a workflow."""
    return (
        yield from session.either("questions", lambda: _questions_v3(workflow_id), lambda: _questions_v1(workflow_id))
    )


def _questions_v3(workflow_id: str) -> Flow[tuple[Question, ...]]:
    return tuple(question(record) for record in (yield from send(WorkflowsV3.questions.call(workflow_id))))


def _questions_v1(workflow_id: str) -> Flow[tuple[Question, ...]]:
    return tuple(question(record) for record in (yield from send(WorkflowsV1.questions.call(workflow_id))))


def job(session: Session, job_id: str, *, timeout: float | None = None, once: bool = False) -> Flow[State]:
    """One job; *once* asks without repeating, for those who ask again anyway."""

    def limited(call: Call[T]) -> Call[T]:
        return replace(call, timeout=timeout, repeatable=False) if once else call

    def new() -> Flow[State]:
        return state((yield from send(limited(JobsV3.get.call(job_id)))))

    def old() -> Flow[State]:
        return state((yield from send(limited(JobsV1.get.call(job_id)))))

    return (yield from session.either("job", new, old))


def jobs(session: Session, *, status: str | None, limit: int) -> Flow[list[State]]:
    """The newest jobs of all workflows."""
    yield from session.ready()

    def new() -> Flow[list[State]]:
        if session.ours:
            # Our own list tells how a job ended, and where it stands in the queue, which V3's does not.
            return (yield from own())
        page = yield from send(
            JobsV3.list.call(sort_field="CreateDate", direction="desc", limit=limit, statuses=_filter(status))
        )
        return (yield from own()) if session.ours else [state(record) for record in page.data]

    def own() -> Flow[list[State]]:
        return (yield from _own_jobs(status=status, limit=limit))

    try:
        found = yield from session.either("queue", new, own)
    except (NotFound, BadAnswer) as error:
        raise NotFound(
            "this server lists jobs only workflow by workflow", hint="name the workflow: jobs(workflow=…)"
        ) from error
    return found[:limit]


def workflow_jobs(
    session: Session, of: Entry, *, limit: int | None = None, status: str | None = None
) -> Flow[list[State]]:
    """The jobs of a workflow, newest first."""
    yield from session.ready()
    if session.ours:
        return (yield from _own_jobs(status=status, limit=limit, workflow_id=of.id))
    most = limit if status is None else None

    def new() -> Flow[list[State]]:
        records = yield from send(WorkflowsV3.jobs.call(of.id, sort_field="createdate", direction="desc", limit=most))
        return [state(record) for record in records]

    def old() -> Flow[list[State]]:
        records = yield from send(WorkflowsV1.jobs.call(of.id, sort_field="createdate", direction="desc", limit=most))
        return [state(record) for record in records]

    told = yield from session.either("workflow jobs", new, old)
    named = [replace(each, workflow_id=each.workflow_id or of.id, workflow_name=of.name) for each in told]
    named.sort(key=lambda each: each.created, reverse=True)
    return [each for each in named if _is(each, status)][:limit]


def _own_jobs(*, status: str | None, limit: int | None, workflow_id: str | None = None) -> Flow[list[State]]:
    """The newest jobs as our own gallery lists them."""
    page = limit or PAGE
    found: list[State] = []
    offset = 0
    while limit is None or len(found) < limit:
        records = yield from send(
            OwnJobs.list.call(offset=offset, limit=page, workflow_id=workflow_id, statuses=_filter(status))
        )
        found += [told for record in records if _is(told := state(record), status)]
        offset += len(records)
        if len(records) < page:
            break
    return found[:limit]


def _is(told: State, status: str | None) -> bool:
    """The status is that one; the queue's filter spells ``Completed`` as ``Complete``."""
    return status is None or told.status.lower().removesuffix("d") == status.lower().removesuffix("d")


def _filter(status: str | None) -> str | None:
    return "Complete" if status and status.lower() == "completed" else status


def cancel(session: Session, job_id: str) -> Flow[None]:
    """Cancel a job: V3's way, or our own gallery's.

    Raises ``NotFound`` when there is no way, or no such job.
    """
    server = yield from session.ready()
    refused: NotFound | None = None
    if server.has_v3:
        try:
            yield from send(JobsV3.cancel.call(job_id))
        except NotFound as error:
            refused = error
        else:
            return
    told = yield from job(session, job_id)
    if session.ours:
        yield from send(OwnJobs.cancel.call(job_id))
        return
    if told.over and refused:
        raise refused
    raise NotFound(
        f"this server cannot cancel: the job {job_id} goes on",
        hint="cancelling came with the newest V3; on the server itself a Curator can do it",
    )


def package(
    session: Session, of: Entry, to: Path, *, version_id: str | None, overwrite: bool, progress: Progress | None
) -> Flow[Path]:
    """Save a workflow's package."""
    sink = saving.FileSink(to, f"{of.name or of.id}.yxzp", overwrite=overwrite, progress=progress)

    def new() -> Flow[Received]:
        return (yield from send(WorkflowsV3.package.call(of.id, version_id=version_id, sink=sink)))

    def old() -> Flow[Received]:
        return (yield from send(WorkflowsV1.package.call(of.id, version=version_id, sink=sink)))

    with sink:
        received = yield from session.either("package", new, old)
        return sink.keep(received)
