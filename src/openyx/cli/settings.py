"""Show or change how the jobs of a workflow may run, on a gallery of your own."""

from __future__ import annotations

import click

from openyx.cli.shell import limits
from openyx.cli.shell.finding import found
from openyx.cli.shell.options import common_options, pass_session
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.argument("name", required=False)
@click.option("--id", "workflow_id", metavar="ID", help="The workflow's id, instead of its name.")
@limits.limit_options
@click.option("--no-limit", is_flag=True, help="As many of its jobs run at once as there are slots.")
@common_options
@pass_session
def command(
    session: Session,
    name: str | None,
    *,
    workflow_id: str | None,
    at_once: int | None,
    attempts: int | None,
    no_limit: bool,
) -> None:
    if no_limit and at_once is not None:
        raise click.UsageError("Either --at-once or --no-limit.")
    workflow = found(session, name, workflow_id)
    if no_limit or at_once is not None or attempts is not None:
        settings = limits.limit(session, workflow.id, at_once=at_once, attempts=attempts, no_limit=no_limit)
    else:
        settings = limits.settings(session, workflow.id)
    if session.json:
        session.show_record(settings)
        return
    session.show_facts(
        (
            ("Name", workflow.name),
            ("At once", "no limit" if settings.at_once is None else settings.at_once),
            ("Attempts", settings.most_attempts),
        )
    )
