"""Every end of a command has its exit status, and its words."""

from __future__ import annotations

import click
import pytest

from openyx import errors
from openyx.cli.shell.following import Interrupted
from openyx.cli.shell.problems import problem_of

TABLE = [
    (errors.JobFailed("x"), 1),
    (errors.WorkflowError("x"), 1),
    (errors.NotYet("x"), 1),
    (errors.AskedWrongly("x"), 2),
    (errors.DocumentError("x"), 2),
    (errors.AnswerError("x"), 2),
    (errors.Conflict("x"), 2),
    (errors.MissingExtra("x", "engine"), 2),
    (click.UsageError("x"), 2),
    (click.FileError("x"), 2),
    (errors.NotLetIn("x"), 3),
    (errors.NotAllowed("x"), 3),
    (errors.NotFound("x"), 4),
    (errors.Ambiguous("x"), 4),
    (errors.TimedOut("x"), 5),
    (errors.ServerError("x"), 6),
    (errors.TooMany("x"), 6),
    (errors.Unreachable("x"), 7),
    (errors.InDoubt("x"), 8),
    (errors.JobCancelled("x"), 9),
    (KeyboardInterrupt(), 130),
    (click.Abort(), 130),
    (Interrupted("x"), 130),
    (RuntimeError("x"), 1),
    (PermissionError(13, "Permission denied", "/x"), 1),
]


@pytest.mark.parametrize(("error", "status"), TABLE, ids=lambda value: type(value).__name__)
def test_the_exit_status_is_that_of_the_table(error: BaseException, status: int) -> None:
    assert problem_of(error).exit == status


def test_an_interrupted_wait_says_how_to_go_on() -> None:
    problem = problem_of(Interrupted("left", hint="yx jobs wait 7"))
    assert (problem.code, problem.message, problem.hint) == ("interrupted", "left", "yx jobs wait 7")


def test_the_unexpected_is_named_and_says_how_to_see_more() -> None:
    problem = problem_of(RuntimeError("boom"))
    assert (problem.code, problem.hint) == ("unexpected", "OPENYX_DEBUG=1 shows where")
    assert "RuntimeError: boom" in problem.message
