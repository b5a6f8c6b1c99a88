"""How a command fails: a sentence and a way out on standard error, and the exit status of the one table."""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import dataclass, replace

import click

from openyx.cli.shell.following import Interrupted
from openyx.cli.shell.output import clean
from openyx.cli.shell.session import Session
from openyx.errors import OpenYXError

INTERRUPTED = 130
"""What a shell reports of a process that Ctrl-C has ended: 128 and the signal's number."""
PIPE_CLOSED = 141
"""What a shell reports of a process that wrote into a closed pipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """The end of a command that went wrong, as it is told."""

    code: str
    message: str
    hint: str = ""
    exit: int = 1


def told(error: BaseException, session: Session) -> int:
    """Tell what went wrong, in the form that was asked for; the exit status is the answer."""
    if isinstance(error, BrokenPipeError):
        # The reader has left; what the interpreter would flush at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not session.json:
        error.show()
        return error.exit_code
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if os.environ.get("OPENYX_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, click.Abort | KeyboardInterrupt) and not isinstance(error, Interrupted):
        error = Interrupted(session.interruption)
    problem = problem_of(error)
    if problem.exit == INTERRUPTED and session.ended_by is not None:
        problem = replace(problem, exit=128 + session.ended_by)
    _tell(problem, session)
    return problem.exit


def problem_of(error: BaseException) -> Problem:
    """What is told of an error."""
    match error:
        case OpenYXError():
            return Problem(code=error.code, message=error.message, hint=error.hint, exit=error.exit)
        case click.UsageError():
            hint = f"{error.ctx.command_path} --help" if error.ctx else ""
            return Problem(code="usage", message=error.format_message(), hint=hint, exit=2)
        case click.ClickException():
            return Problem(code="usage", message=error.format_message(), exit=2)
        case Interrupted():
            return Problem(code="interrupted", message=error.message, hint=error.hint, exit=INTERRUPTED)
        case click.Abort() | KeyboardInterrupt() | EOFError():
            return Problem(code="interrupted", message="interrupted", exit=INTERRUPTED)
        case OSError() if error.filename is not None:
            return Problem(code="file", message=f"{error.filename}: {error.strerror}")
        case _:
            text = f"something unexpected went wrong: {type(error).__name__}: {error}"
            return Problem(code="unexpected", message=text, hint="OPENYX_DEBUG=1 shows where")


def _tell(problem: Problem, session: Session) -> None:
    if session.json:
        import json

        body = {"code": problem.code, "message": problem.message, "hint": problem.hint}
        click.echo(json.dumps({"error": body}, ensure_ascii=False), err=True)
        return
    click.echo(_mark("yx: ") + clean(problem.message), err=True)
    if problem.hint:
        click.echo(f"    {clean(problem.hint)}", err=True)


def _mark(text: str) -> str:
    """The mark of an error, red where colours are welcome; elsewhere click takes them out."""
    return text if os.environ.get("NO_COLOR") else click.style(text, fg="red")
