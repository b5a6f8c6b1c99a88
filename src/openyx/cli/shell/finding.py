"""Which workflow is meant: by name or by id."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from openyx.errors import NotFound

if TYPE_CHECKING:
    from openyx.api.declaring import Sync
    from openyx.cli.shell.asking import Asked
    from openyx.cli.shell.session import Session
    from openyx.client.workflows import Workflow


def found(session: Session, name: str | None, workflow_id: str | None) -> Workflow[Sync]:
    """The workflow of that name, or with that id; one of the two is given."""
    if name and workflow_id:
        raise click.UsageError("Either the workflow's name or its --id, not both.")
    if not name and not workflow_id:
        raise click.UsageError("Name the workflow, or give its --id.")
    return session.gallery.workflows.get(workflow_id) if workflow_id else session.gallery.workflows.find(name or "")


def choices(session: Session) -> list[Workflow[Sync]]:
    """What can be run, by name."""
    workflows = session.gallery.workflows.list()
    if not workflows:
        raise NotFound("this key sees no workflow", hint="yx publish FILE")
    return sorted(workflows, key=lambda each: each.name.casefold())


def asked(workflow: Workflow[Sync]) -> list[Asked]:
    """The questions of a workflow of the gallery."""
    from openyx.cli.shell.asking import Asked
    from openyx.client.answers import encode

    return [
        Asked(
            name=each.name,
            label=each.label,
            kind=each.kind,
            default=each.default,
            choices=[(choice.label, choice.value) for choice in each.choices],
            multiple=each.multiple,
            check=partial(encode, each),
        )
        for each in workflow.questions
    ]
