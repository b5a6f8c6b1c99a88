"""Start a workflow by name, wait for it, get its files; a path runs the file here."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from openyx.cli.shell.answers import Answers, answer_options, given_answers
from openyx.cli.shell.durations import Duration
from openyx.cli.shell.options import common_options, pass_session, refuse
from openyx.cli.shell.session import Session

if TYPE_CHECKING:
    from openyx.api.declaring import Sync
    from openyx.client.workflows import Workflow

PRIORITIES = ("Low", "Medium", "High", "Critical")


@click.command(help=__doc__)
@click.argument("name", required=False, metavar="[NAME|PATH]")
@click.option("--id", "workflow_id", metavar="ID", help="The workflow's id, instead of its name.")
@answer_options
@click.option("--timeout", type=Duration(), help="How long to wait, such as 2h; the job goes on after it.")
@click.option("--no-wait", is_flag=True, help="Print the job's id at once.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Save its files there.")
@click.option("--format", "format_", metavar="FORMAT", help="In this format, such as Csv; as they are otherwise.")
@click.option("--priority", type=click.Choice(PRIORITIES, case_sensitive=False), help="Where the key may say so.")
@common_options
@pass_session
def command(
    session: Session,
    name: str | None,
    *,
    workflow_id: str | None,
    answers: tuple[str, ...],
    answers_file: IO[str] | None,
    timeout: float | None,
    no_wait: bool,
    output: Path | None,
    format_: str | None,
    priority: str | None,
) -> None:
    given = given_answers(answers, answers_file)
    if name and not workflow_id:
        from openyx.cli.shell import here

        if here.is_path(name):
            refuse(
                f"for workflows of a gallery, and {name} runs here",
                {
                    "--timeout": timeout is not None,
                    "--no-wait": no_wait,
                    "--format": format_ is not None,
                    "--priority": priority is not None,
                    "--profile": bool(session.profile),
                },
            )
            here.judge(Path(name), here.run_here(session, Path(name), given, output=output))
            return
    if no_wait:
        waiting = {"--timeout": timeout is not None, "--output": output is not None, "--format": format_ is not None}
        refuse("for those who wait; leave out --no-wait", waiting)
    refuse("for the files that --output saves", {"--format": format_ is not None and output is None})
    from openyx.cli.shell.ending import finish, put_record
    from openyx.client.saving import ready

    workflow, given = _meant(session, name, workflow_id, given)
    if output is not None:
        ready(output)
    job = workflow.start(given, priority=priority)
    if not no_wait:
        finish(session, job, timeout=timeout, output=output, format=format_)
        return
    put_record(session, job)
    if not session.json:
        session.put(job.id)


def _meant(
    session: Session, name: str | None, workflow_id: str | None, given: Answers
) -> tuple[Workflow[Sync], Answers]:
    """The workflow and its answers; on a terminal both may be asked for."""
    from openyx.cli.shell.finding import found

    if not session.can_ask:
        return found(session, name, workflow_id), given
    from openyx.cli.shell import asking, finding

    if name or workflow_id:
        workflow = found(session, name, workflow_id)
        return workflow, asking.ask_required(finding.asked(workflow), given)
    workflow = asking.choose(finding.choices(session))
    return workflow, asking.ask_all(finding.asked(workflow), given)
