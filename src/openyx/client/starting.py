"""Starting a job, once: its answers checked before, its traces looked for when the server's answer was lost."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from msgspec import UNSET

from openyx.api.calls import Flow, Sleep, send
from openyx.api.v1.jobs import Answer, EnqueueJob
from openyx.api.v1.workflows import Workflows as WorkflowsV1
from openyx.api.v3.jobs import EnqueueJobContract
from openyx.api.v3.workflows import Workflows as WorkflowsV3
from openyx.client import answers, asking
from openyx.client.entries import Entry
from openyx.client.http.retry import passing
from openyx.client.http.times import http_date, moment
from openyx.client.questions import Answers
from openyx.client.session import Session
from openyx.client.states import State, state
from openyx.errors import (
    AskedWrongly,
    BadAnswer,
    BadRequest,
    InDoubt,
    NotFound,
    NotLetIn,
    OpenYXError,
    ServerError,
    Unreachable,
)

PRIORITIES = ("Default", "Low", "Medium", "High", "Critical")
BROKE = 500
"""A server that breaks may have started the job before; where no job came of it, it has not."""
MARGIN = 5.0
"""Seconds by which a job's time of creation may lie before the start was sent, clocks being what they are."""


def start(session: Session, of: Entry, given: Answers | None, *, priority: str | None) -> Flow[State]:
    """Start a run of a workflow; its job.

    Raises ``AnswerError``, ``AskedWrongly`` (a macro, a priority that is none) and ``InDoubt``.
    """
    if of.kind == "macro":
        raise AskedWrongly(f"{of.name!r} is a macro, which does not run by itself")
    checked_priority = _priority(priority)
    texts = yield from _texts(session, of, given or {})
    key = secrets.token_hex(16)
    begun = session.options.now()
    try:
        told = yield from _start(session, of.id, texts, checked_priority, key)
    except (Unreachable, ServerError) as problem:
        if not _lost(problem):
            raise
        told = yield from _look(session, of, texts, checked_priority, key, begun, problem)
    return replace(told, workflow_id=told.workflow_id or of.id, workflow_name=told.workflow_name or of.name)


def _texts(session: Session, of: Entry, given: Answers) -> Flow[Mapping[str, str]]:
    """The answers as texts. Nothing is asked of the server for a plain workflow without answers."""
    if not given and of.kind == "workflow":
        return {}
    try:
        questions = yield from asking.questions(session, of.id)
    except (NotFound, BadRequest):
        if given:
            raise
        return {}
    return answers.texts(questions, given, ours=bool(session.ours))


def _priority(priority: str | None) -> str | None:
    if priority is None:
        return None
    for known in PRIORITIES:
        if priority.lower() == known.lower():
            return known
    raise AskedWrongly(f"{priority!r} is no priority", hint=f"one of {', '.join(PRIORITIES[1:])}")


def _start(session: Session, workflow_id: str, texts: Mapping[str, str], priority: str | None, key: str) -> Flow[State]:
    questions = [Answer(name=name, value=value) for name, value in texts.items()]
    wanted = UNSET if priority is None else priority

    def new() -> Flow[State]:
        body = EnqueueJobContract(questions=questions, priority=wanted)
        return state((yield from send(WorkflowsV3.start.call(workflow_id, body, key=key))))

    def old() -> Flow[State]:
        body = EnqueueJob(questions=questions, priority=wanted)
        return state((yield from send(WorkflowsV1.start.call(workflow_id, body, key=key))))

    return (yield from session.either("start", new, old))


def _lost(problem: OpenYXError) -> bool:
    """The server may have started the job without our hearing of it."""
    match problem:
        case Unreachable():
            return problem.sent
        case BadAnswer():
            return True
        case ServerError():
            return problem.status in (500, 502, 503, 504)
        case _:
            return False


def _look(
    session: Session,
    of: Entry,
    texts: Mapping[str, str],
    priority: str | None,
    key: str,
    begun: float,
    problem: OpenYXError,
) -> Flow[State]:
    """After a lost answer: our own gallery is asked again with the same key, another one for its newest jobs."""
    if session.ours:
        return (yield from _repeat(session, of, texts, priority, key, problem))
    since = begun + _ahead(session) - MARGIN
    try:
        jobs = yield from asking.workflow_jobs(session, of, limit=20)
    except OpenYXError as error:
        raise _in_doubt(of, problem, "and its jobs cannot be listed") from error
    young = [each for each in jobs if (born := moment(each.created)) and born.timestamp() >= since]
    if len(young) == 1:
        return young[0]
    if not young and isinstance(problem, ServerError) and problem.status == BROKE:
        raise problem
    seen = (
        f"{len(young)} of its jobs are as young: {', '.join(each.id for each in young)}"
        if young
        else "none of its jobs is as young"
    )
    raise _in_doubt(of, problem, seen) from problem


def _repeat(
    session: Session, of: Entry, texts: Mapping[str, str], priority: str | None, key: str, problem: OpenYXError
) -> Flow[State]:
    patience = session.options.patience
    until = session.options.clock() + patience.total
    attempt = 0
    while True:
        attempt += 1
        pause = patience.pause(attempt, session.options.chance())
        if session.options.clock() + pause > until:
            raise _in_doubt(of, problem, "and the server does not come back") from problem
        yield Sleep(pause)
        try:
            return (yield from _start(session, of.id, texts, priority, key))
        except NotLetIn as error:
            raise _in_doubt(of, problem, f"and the server lets nobody look: {error.message}") from error
        except (Unreachable, ServerError) as error:
            if not passing(error):
                # The same key is looked for before anything else: what is refused now was not started before.
                raise
            problem = error


def _ahead(session: Session) -> float:
    """The seconds by which the server's clock is ahead of ours, as far as it told."""
    date, at = session.date
    told = http_date(date)
    return told.timestamp() - at if told else 0.0


def _in_doubt(of: Entry, problem: OpenYXError, seen: str) -> InDoubt:
    at = datetime.now(UTC)
    return InDoubt(
        f"{of.name!r} was started and the answer was lost ({problem.message}); {seen}",
        hint=f"look at its jobs of about {at:%H:%M} UTC before starting it again",
    )
