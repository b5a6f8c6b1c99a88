"""Running a workflow file here, through the engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx import settings
from openyx.cli.shell.answers import Answers
from openyx.cli.shell.durations import spoken
from openyx.cli.shell.extras import extra
from openyx.cli.shell.output import plain, put_table
from openyx.cli.shell.signals import interrupt_the_engine
from openyx.cli.shell.watching import by_tool, line, watch
from openyx.client.saving import ready
from openyx.errors import AskedWrongly, JobFailed
from openyx.messages import Kind, Message

if TYPE_CHECKING:
    from openyx.cli.shell.asking import Asked
    from openyx.cli.shell.session import Session
    from openyx.document import Document
    from openyx.engine import Result

ENDINGS = (".yxmd", ".yxwz", ".yxmc", ".yxzp")
ROWS = 20
_LIMITS = {Kind.CONVERSION_ERROR, Kind.CONVERSION_LIMIT}


def is_path(text: str) -> bool:
    """Whether a text means a workflow file and not a workflow's name."""
    return text.lower().endswith(ENDINGS)


def run_here(session: Session, path: Path, answers: Answers, *, output: Path | None = None) -> Result:
    """Run a file, tell what it says, print where its files are; the result, well or badly ended.

    Relative output paths start in *output*, else where the workflow lies. On a terminal an app's questions that have
    neither answer nor default are asked.
    """
    if not path.is_file():
        raise AskedWrongly(f"there is no file {path}", hint="a workflow of a gallery that is called so: --id")
    with extra("engine", what="running a workflow here"):
        from openyx.engine import run_workflow

    from openyx.document import read

    document = read(path)
    if session.can_ask:
        from openyx.cli.shell.asking import ask_required

        answers = ask_required(_asked(document), answers)
    if output is not None:
        ready(output)
    interrupt_the_engine(session)
    with watch(session, document.meta.name or path.stem, tools=_titles(document)) as shown:
        shown.state("Running")
        result = run_workflow(
            path,
            answers=answers,
            folder=output,
            anywhere=True,
            macros=settings.MACROS.value(os.environ),
            on_message=shown.message,
        )
    _report(session, result)
    return result


def judge(path: Path, result: Result) -> None:
    """Raise ``JobFailed`` for a run that was no success."""
    if not result.ok:
        errors = [each for each in result.messages if each.kind is Kind.ERROR]
        place = by_tool(errors[0], _titles(result.document)) if errors else ""
        reason = "".join(f": {part}" for part in (place, errors[0].text) if part) if errors else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise JobFailed(f"{path.name} failed{reason}{more}", messages=result.messages)


def tell_errors(session: Session, result: Result) -> None:
    """The errors of a run that was watched quietly, which has told none yet."""
    for message in result.messages if session.quiet else ():
        if message.kind is Kind.ERROR:
            click.echo(line(message, _titles(result.document)), err=True)


def _titles(document: Document | None) -> dict[int, str]:
    return {node.id: node.title for node in document.nodes} if document else {}


def engine_code(result: Result) -> int:
    """The vendor's exit code: 0 clean, 1 with warnings or conversion errors, 2 with errors."""
    if not result.ok:
        return 2
    kinds = {message.kind for message in result.messages}
    return 1 if kinds & {Kind.WARNING, *_LIMITS} else 0


def summary(result: Result) -> str:
    """The vendor's last line: ``Finished in 0.1 seconds with 1 error and 2 warnings``."""
    counts = (
        (_count(result.messages, Kind.ERROR), "error"),
        (_count(result.messages, Kind.CONVERSION_ERROR), "field conversion error"),
        (_count(result.messages, Kind.WARNING), "warning"),
    )
    parts = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
    return f"Finished in {result.seconds:.1f} seconds" + (" with " + " and ".join(parts) if parts else "")


def _count(messages: Sequence[Message], kind: Kind) -> int:
    return sum(message.kind is kind for message in messages)


def _report(session: Session, result: Result) -> None:
    files = [each for each in result.outputs if each.path is not None]
    if session.json:
        session.show_record(_record(result) | {"saved": [str(each.path) for each in files]})
        return
    for each in files:
        session.put(str(each.path))
    for each in result.outputs if sys.stdout.isatty() else ():
        if each.table is not None:
            session.say(f"\n{each.name} ({each.records:,} records)")
            put_table(each.table.schema.names, each.table.rows()[:ROWS])
    if result.ok:
        session.say(f"Done in {spoken(result.seconds)}.")


def _record(result: Result) -> dict[str, object]:
    """The run as the job's record that a gallery would give; there is no job, so it has no id."""
    from openyx.api.v1.jobs import JobApiView, MessageView, OutputView

    outcome = ("Warning" if engine_code(result) else "Success") if result.ok else "Error"
    return plain(
        JobApiView(
            status="Completed",
            disposition=outcome,
            outputs=[OutputView(id=str(each.tool), name=each.name, formats=["Raw"]) for each in result.outputs],
            messages=[MessageView(status=each.kind, text=each.text, tool_id=each.tool) for each in result.messages],
        )
    )


def _asked(document: Document) -> list[Asked]:
    from openyx.cli.shell.asking import Asked
    from openyx.document import answer_text

    return [
        Asked(
            name=each.name,
            label=each.description,
            kind=each.kind,
            default=each.default,
            choices=each.items,
            multiple=each.multiple,
            check=partial(answer_text, each),
        )
        for each in document.questions
    ]
