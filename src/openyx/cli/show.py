"""Show a workflow with the questions that it asks."""

from __future__ import annotations

import click

from openyx.cli.shell.finding import found
from openyx.cli.shell.options import common_options, pass_session
from openyx.cli.shell.output import plain
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.argument("name", required=False)
@click.option("--id", "workflow_id", metavar="ID", help="The workflow's id, instead of its name.")
@common_options
@pass_session
def command(session: Session, name: str | None, *, workflow_id: str | None) -> None:
    workflow = found(session, name, workflow_id)
    questions = workflow.questions
    if session.json:
        session.show_record(plain(workflow.record) | {"questions": [plain(each.record) for each in questions]})
        return
    facts = (
        ("Name", workflow.name),
        ("Id", workflow.id),
        ("Kind", workflow.kind or ("app" if questions else "workflow")),
        ("Version", workflow.version),
        ("Published", workflow.created),
    )
    session.show_facts(facts)
    rows = [
        (each.name, each.label, each.kind, each.default, ", ".join(choice.value for choice in each.choices))
        for each in questions
    ]
    if rows:
        session.put("")
        session.show([], ("Question", "Label", "Kind", "Default", "Choices"), rows)
