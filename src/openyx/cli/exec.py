"""Run a workflow file here, without a gallery."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from openyx.cli.shell.answers import answer_options, given_answers
from openyx.cli.shell.options import json_option, pass_session, quiet_option
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@answer_options
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where relative output paths start; where the workflow lies otherwise.",
)
@click.option("--engine-codes", is_flag=True, help="Exit 0 clean, 1 with warnings, 2 with errors.")
@json_option
@quiet_option
@pass_session
def command(
    session: Session,
    file: Path,
    *,
    answers: tuple[str, ...],
    answers_file: IO[str] | None,
    output: Path | None,
    engine_codes: bool,
) -> None:
    from openyx.cli.shell.here import engine_code, judge, run_here, summary, tell_errors

    result = run_here(session, file, given_answers(answers, answers_file), output=output)
    if engine_codes:
        if not session.json:
            tell_errors(session, result)
            session.put(summary(result))
        raise click.exceptions.Exit(engine_code(result))
    judge(file, result)
