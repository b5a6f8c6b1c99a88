"""How the jobs of a workflow may run: the options that say it, and the change of the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from openyx.cli.shell.ours import only_ours

if TYPE_CHECKING:
    from openyx.api.openyx.workflows import WorkflowSettings
    from openyx.cli.shell.session import Session

F = TypeVar("F", bound=Callable[..., Any])


def limit_options(function: F) -> F:
    """``--at-once`` and ``--attempts``."""
    at_once = click.option(
        "--at-once", type=click.IntRange(1, 1_000_000), metavar="N", help="At most so many of its jobs run at once."
    )
    attempts = click.option(
        "--attempts",
        type=click.IntRange(1, 3),
        metavar="N",
        help="How often a job may begin whose worker vanishes, 1 to 3; 1: it is not run again.",
    )
    return at_once(attempts(function))


def settings(session: Session, workflow_id: str) -> WorkflowSettings:
    """How the jobs of a workflow may run."""
    with only_ours("how jobs may run"):
        return session.gallery.openyx.workflows.settings(workflow_id)


def limit(
    session: Session, workflow_id: str, *, at_once: int | None, attempts: int | None, no_limit: bool = False
) -> WorkflowSettings:
    """Change what is given and leave the rest; the settings as they stand then."""
    from msgspec.structs import replace

    changed = settings(session, workflow_id)
    if no_limit:
        changed = replace(changed, at_once=None)
    if at_once is not None:
        changed = replace(changed, at_once=at_once)
    if attempts is not None:
        changed = replace(changed, most_attempts=attempts)
    return session.gallery.openyx.workflows.change(workflow_id, changed)
