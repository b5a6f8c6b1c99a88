"""Which workflow is meant: by name or by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from openyx.api.calls import Sync
    from openyx.cli.shell.session import Session
    from openyx.client.workflows import Workflow


def found(session: Session, name: str | None, workflow_id: str | None) -> Workflow[Sync]:
    """The workflow of that name, or with that id; one of the two is given."""
    if bool(name) == bool(workflow_id):
        raise click.UsageError("Name the workflow, or give its --id.")
    return session.gallery.workflows.get(workflow_id) if workflow_id else session.gallery.workflows.find(name or "")
