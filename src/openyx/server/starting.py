"""Starting a run: answers checked against the questions of the published version, then one entry in the queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from openyx.api.v1.jobs import Answer
from openyx.document import answer_texts
from openyx.errors import AnswerError, NotAllowed
from openyx.queue import Order
from openyx.server.failures import Unfit
from openyx.server.handlers import Request
from openyx.server.intake import Elsewhere
from openyx.store import Job, Origin, Priority, Published, Version

R = TypeVar("R")

_PRIORITIES = {**{priority.name.lower(): priority for priority in Priority}, **{str(int(p)): p for p in Priority}}
_FILE = "QuestionFileBrowse"


def start(
    request: Request,
    workflow_id: str,
    answers: list[Answer],
    *,
    viewed: Callable[[Request, Job], R],
    origin: Origin,
    priority: str,
    worker_tag: str = "",
    key: str = "",
) -> R:
    """The record of a new job; the same *key* gives the same job.

    Raises ``AnswerError`` for answers that the workflow's questions do not take, ``Unfit`` for an unknown priority,
    Elsewhere for a job that there was before: it may have much to tell.
    """
    caller = request.caller
    published = request.store.workflows.find(workflow_id, sight=caller.sight)
    if not (published.workflow.others_can_execute or caller.is_curator or _is_owner(request, published)):
        raise NotAllowed(f"Workflow {workflow_id} may be run by its owner only.")
    order = Order(
        workflow_id=workflow_id,
        user_id=caller.user.id,
        answers={answer.name: answer.value for answer in answers},
        origin=origin,
        # Who may not set it is not refused, only not heard.
        priority=_priority(priority) if caller.user.can_prioritize_jobs else Priority.DEFAULT,
        worker_tag=worker_tag,
    )
    # A request that is repeated has been checked, by the version of its day.
    if key and (before := request.queue.remembered(order, key)):
        raise Elsewhere(partial(viewed, request, before))
    check(request, published.version, order)
    job = request.queue.enqueued(order, idempotency_key=key or None, sight=caller.sight, workflow=published)
    request.notes.update(job=job.id, workflow=workflow_id, user=caller.user.id)
    return viewed(request, job)


def check(request: Request, version: Version, order: Order) -> None:
    """Look at each answer: is there such a question, does it take this; AnswerError, Unprepared."""
    given = order.answers
    if not given and not any(question.required for question in version.questions):
        return
    for question in version.questions:
        if question.type == _FILE and question.name in given and order.origin is Origin.SUBSCRIPTION:
            raise AnswerError(f"{question.name!r} is a File Browse question, which the Subscription API cannot carry")
    answer_texts(request.asked.of(version), given)


def _priority(text: str) -> Priority:
    if text.lower() not in _PRIORITIES and text:
        raise Unfit("contract.Priority", f"{text!r} is no priority; there are Default, Low, Medium, High and Critical.")
    return _PRIORITIES[text.lower() or "default"]


def _is_owner(request: Request, published: Published) -> bool:
    return published.workflow.owner_id == request.caller.user.id
