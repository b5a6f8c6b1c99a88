"""How the jobs of a workflow may run: told to all who see it, changed by its owner and by curators."""

from __future__ import annotations

from dataclasses import replace

from openyx.api.openyx.workflows import OwnWorkflows, WorkflowSettings
from openyx.errors import NotAllowed
from openyx.logs import Events
from openyx.server.failures import Unfit
from openyx.server.handlers import Caller, Request, handles
from openyx.store import MOST_ATTEMPTS, KeyKind, Workflow

events = Events("openyx.server")

_MOST_AT_ONCE = 1_000_000


@handles(OwnWorkflows.settings)
def settings(request: Request, workflow_id: str) -> WorkflowSettings:
    """The settings as they stand."""
    return _settings(request.store.workflows.find(workflow_id, sight=request.caller.sight).workflow)


@handles(OwnWorkflows.change)
def change(request: Request, workflow_id: str, body: WorkflowSettings) -> WorkflowSettings:
    """The settings as they stand now; jobs that run already go on."""
    _check(body)
    workflows, caller = request.store.workflows, request.caller
    with request.store.transaction():
        workflow = workflows.find(workflow_id, sight=caller.sight, changing=True).workflow
        if not _may_change(caller, workflow):
            raise NotAllowed(f"The settings of workflow {workflow_id} are its owner's to change, by the key of a user.")
        changed = replace(workflow, at_once=body.at_once, most_attempts=body.most_attempts)
        workflows.change(changed)
    events.info("settings changed", workflow=workflow_id, user=caller.user.id, at_once=body.at_once)
    return _settings(changed)


def _settings(workflow: Workflow) -> WorkflowSettings:
    return WorkflowSettings(at_once=workflow.at_once, most_attempts=workflow.most_attempts)


def _check(body: WorkflowSettings) -> None:
    if body.at_once is not None and not 1 <= body.at_once <= _MOST_AT_ONCE:
        raise Unfit("atOnce", f"atOnce is a number from 1 to {_MOST_AT_ONCE}, or null for no limit.")
    if not 1 <= body.most_attempts <= MOST_ATTEMPTS:
        raise Unfit("mostAttempts", f"mostAttempts is a number from 1 to {MOST_ATTEMPTS}.")


def _may_change(caller: Caller, workflow: Workflow) -> bool:
    return caller.is_curator or (caller.key.kind is KeyKind.USER and workflow.owner_id == caller.user.id)
