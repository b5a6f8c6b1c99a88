"""What can be told of a workflow before it runs: everything that is missing or wrong, tool by tool."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from openyx.document import Answer, Document, Node, apply_answers
from openyx.document.actions import unsupported
from openyx.engine.checking import Checking
from openyx.engine.evaluate import Evaluator
from openyx.engine.findings import Findings, row
from openyx.engine.places import Mirror, Places
from openyx.engine.plan import Plan
from openyx.engine.report import Report, Row, Verdict
from openyx.engine.scope import Scope
from openyx.engine.workflow import placed, prepared
from openyx.errors import AnswerError, Missing, OpenYXError
from openyx.messages import Message
from openyx.tools.base import Tool
from openyx.tools.shelf import shelf, title

__all__ = ["Report", "Row", "Verdict", "check"]

_WORKFLOW = -1


def check(
    workflow: Path | str | Document,
    *,
    answers: Mapping[str, Answer] | None = None,
    folder: Path | None = None,
    anywhere: bool = False,
    mirror: Mirror | None = None,
    macros: Sequence[Path] = (),
    makes_folders: bool = False,
) -> Report:
    """What is known of a workflow without running it; the arguments mean what they mean to ``run_workflow``.

    Files are looked at, nothing is written; *makes_folders*: folders for outputs are made in *folder*, as a run does,
    where else a missing one is told. Where a tool's fields are not known before a run (a tool before it is
    missing, its file is not there, its records decide), those that the workflow file remembers stand for them; what
    is found wrong with these is a remark.

    Raises ``DocumentError`` for a file that is no workflow, ``AnswerError`` for answers that do not fit.
    """
    with ExitStack() as until_the_end:
        temporary = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="openyx-")))
        document, places = placed(
            workflow,
            temporary,
            folder=folder,
            anywhere=anywhere,
            mirror=mirror,
            macros=macros,
            makes_folders=makes_folders,
        )
        return _report(document, places, answers or {})


def _report(document: Document, places: Places, answers: Mapping[str, Answer]) -> Report:
    document, refused = _answered(document, places, answers)
    said: list[Message] = []
    steps, wishes = prepared(document, places, said.append, {})
    checking = Checking(wishes, {}, stopped=True, document=document, said=said, inner=steps.inner)
    for error in refused:
        findings = checking.of(_tool(error))
        findings.say(error.message) if isinstance(error, AnswerError) else findings.blame(error)
    for step in steps.steps:
        checking.take(step)
    checking.check_targets()
    for step in steps.aside:
        checking.look_aside(step)
    for message in (*steps.messages, *said):
        checking.of(message.tool).say(message.text)
    for problem in (*steps.problems, *steps.absent, *checking.problems):
        checking.of(_tool(problem.error, problem.tool)).blame(problem.error)
    return Report(name=document.meta.name or document.name, rows=tuple(_rows(document, steps, checking.found)))


def _answered(
    document: Document, places: Places, answers: Mapping[str, Answer]
) -> tuple[Document, Sequence[OpenYXError]]:
    """The document with its answers in place where that can be, and why it cannot: every action that is missing.

    A macro has its answers where it is called.
    """
    scope = Scope.of(document, folder=places.source, temporary=places.temporary)
    refused: list[OpenYXError] = [*unsupported(document)]
    if document.package_type == "Macro":
        return document, refused
    try:
        return apply_answers(document, answers, Evaluator(scope.constants, places.world())), refused
    except OpenYXError as error:
        if answers and isinstance(error, AnswerError):
            raise
        return document, [*refused, error]


def _tool(error: OpenYXError, otherwise: int = _WORKFLOW) -> int:
    own: int | None = getattr(error, "tool", None)
    return otherwise if own is None else own


def _rows(document: Document, steps: Plan, found: Mapping[int, Findings]) -> Iterator[Row]:
    parts: dict[int, list[Findings]] = defaultdict(list)
    for number, findings in found.items():
        inner = steps.inner.get(number)
        parts[number if inner is None else inner.tool].append(findings)
    if _WORKFLOW in parts:
        yield row(parts[_WORKFLOW], _WORKFLOW, "Workflow", title="", idle="")
    for node in sorted(document.nodes, key=lambda node: node.id):
        kind = _kind(node)
        name = node.palette_name or (title(kind) if kind else node.kind)
        idle = "" if node.id in parts else _idle(node, kind)
        yield row(parts[node.id], node.id, name, title=node.name, idle=idle)


def _kind(node: Node) -> type[Tool] | None:
    try:
        return shelf().find(node.plugin, node.macro)
    except Missing:
        return None


def _idle(node: Node, kind: type[Tool] | None) -> str:
    if node.disabled:
        return "it is in a disabled container"
    if kind is not None and kind.on_canvas_only:
        return "it has nothing to do"
    return "what feeds it is disabled"
