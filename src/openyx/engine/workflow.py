"""The one door to a run."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from openyx.document import Answer, Document, apply_answers, parse, read, unpack
from openyx.engine import messages
from openyx.engine.compile import Wishes, compile_plan
from openyx.engine.evaluate import Evaluator
from openyx.engine.macros import Macros
from openyx.engine.places import Mirror, Places
from openyx.engine.plan import Plan, plan
from openyx.engine.result import Result
from openyx.engine.run import Harvest, Voice, run_program
from openyx.engine.scope import Scope
from openyx.errors import AskedWrongly, WorkflowError
from openyx.formula.addins import load
from openyx.messages import Message
from openyx.relation import Anchor, Relation
from openyx.relation.given import given
from openyx.relation.run import Session
from openyx.settings import ANCHOR_RECORDS
from openyx.tools.base import Context

BROWSE_LIMIT = 10_000


def run_workflow(
    workflow: Path | str | Document,
    *,
    inputs: Mapping[int | str, Any] | None = None,
    answers: Mapping[str, Answer] | None = None,
    folder: Path | None = None,
    anywhere: bool = False,
    mirror: Mirror | None = None,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    macros: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    keep: Iterable[Anchor] = (),
    browse_limit: int | None = BROWSE_LIMIT,
    counts: bool = True,
    on_message: Callable[[Message], None] | None = None,
    on_progress: Callable[[Anchor, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Run a workflow file, or a workflow's XML as text, and tell how it ended.

    *inputs* replace the records of input tools, by number or name: frames of Polars or pandas, or whatever speaks
    Arrow. *answers* are those to an app's questions. Relative output paths start in *folder* (else where the workflow
    lies; a text lies in the current folder). Only with *anywhere* may files outside the workflow's folder and *folder*
    be read and written, but for folders that are *readable*, or *writable* (and readable, too); with a *mirror* all of
    its folder may be read, and none of it is written. *macros* are folders in which macros are found by the names of
    their files. Formulas see the variables in *environment*, else those of the process. *keep* names anchors whose
    records are wanted, *browse_limit* how many records a Browse keeps. Without *counts* no anchor's records are
    counted, which saves a little time: messages and progress that tell counts are left out.

    *on_message* is told each message as it comes, *on_progress* an anchor and its records so far (from several
    threads); *cancelled* is asked now and then.

    What goes wrong in the workflow is a message and a result that is not ok: a missing tool, a field that does not
    exist, a file that cannot be read. Raises ``DocumentError`` for a file that is no workflow, ``AnswerError`` for
    answers that do not fit, ``JobCancelled``.
    """
    started, voice, harvest = time.monotonic(), Voice(on_message), Harvest()
    with ExitStack() as until_the_end:
        temporary = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="openyx-")))
        document, places = placed(
            workflow,
            temporary,
            folder=folder,
            anywhere=anywhere,
            mirror=mirror,
            readable=readable,
            writable=writable,
            macros=macros,
            environment=environment,
            makes_folders=True,
        )
        try:
            scope = Scope.of(document, folder=places.source, temporary=places.temporary)
            document = apply_answers(document, answers or {}, Evaluator(scope.constants, places.world()))
            session = until_the_end.enter_context(
                Session(
                    count=counts,
                    most=ANCHOR_RECORDS.value(os.environ),
                    listed=max(document.properties.error_limit, 0),
                    cancelled=cancelled,
                    progress=voice.progress(on_progress),
                )
            )
            steps, wishes = prepared(document, places, voice, inputs or {}, session=session, keep=frozenset(keep))
            harvest = _harvested(steps, wishes, session, document, voice, browse_limit=browse_limit)
        except WorkflowError as error:
            voice(messages.failed(error))
    seconds = time.monotonic() - started
    ok = not voice.heard_error
    voice(messages.finished(document.name, seconds, voice.said))
    return Result(
        ok=ok,
        messages=tuple(voice.said),
        ended=harvest.ended,
        counts=voice.outside(harvest.counts),
        schemas=voice.outside(harvest.schemas),
        outputs=tuple(voice.output(each) for each in harvest.outputs if not places.passes(each.path)),
        tables=harvest.tables,
        document=document,
        seconds=seconds,
    )


def placed(
    workflow: Path | str | Document,
    temporary: Path,
    *,
    folder: Path | None,
    anywhere: bool,
    mirror: Mirror | None,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    macros: Sequence[Path],
    environment: Mapping[str, str] | None = None,
    makes_folders: bool = False,
) -> tuple[Document, Places]:
    """The document, and what a run of it may read and write; the arguments mean what they mean to ``run_workflow``.

    *makes_folders*: missing ones are made where the caller says where files go.
    """
    document, home = _opened(workflow, temporary)
    return document, Places(
        source=document.folder or folder or Path.cwd(),
        target=folder or home or Path.cwd(),
        temporary=temporary,
        anywhere=anywhere,
        makes_folders=makes_folders and (folder is not None or mirror is not None),
        mirror=mirror,
        libraries=tuple(macros),
        readable=tuple(readable),
        writable=tuple(writable),
        environment=environment,
    )


def _opened(workflow: Path | str | Document, temporary: Path) -> tuple[Document, Path | None]:
    """The document, and where its relative output paths start; a package is unpacked."""
    if isinstance(workflow, Document):
        return workflow, workflow.folder
    if isinstance(workflow, str) and workflow.lstrip("\ufeff \t\r\n").startswith("<"):
        return parse(workflow.encode(), "workflow"), None
    path = Path(workflow)
    if path.suffix.lower() != ".yxzp":
        return read(path), path.resolve().parent
    inside = temporary / "package"
    inside.mkdir()
    return read(unpack(path, inside)), path.resolve().parent


def _harvested(
    steps: Plan, wishes: Wishes, session: Session, document: Document, voice: Voice, *, browse_limit: int | None
) -> Harvest:
    """What a run brings home; nothing where something is missing or wrong."""
    voice.inner = steps.inner
    for message in steps.messages:
        voice(message)
    program = compile_plan(steps, wishes)
    for problem in program.problems:
        voice(messages.failed(problem.error, problem.tool))
    if program.problems:
        return Harvest()
    return run_program(
        program,
        session,
        properties=document.properties,
        voice=voice,
        keep=wishes.keep,
        browse_limit=browse_limit,
    )


def prepared(
    document: Document,
    places: Places,
    say: Callable[[Message], None],
    inputs: Mapping[int | str, Any],
    *,
    session: Session | None = None,
    keep: frozenset[Anchor] = frozenset(),
) -> tuple[Plan, Wishes]:
    """What there is to compile, and how; a document whose answers are in place is only looked at."""
    scope = Scope.of(document, folder=places.source, temporary=places.temporary)
    steps = plan(document, scope, Macros(places))
    return steps, Wishes(
        places=places,
        context=Context(world=replace(places.world(), addins=load(places.libraries))),
        say=say,
        inputs=_inputs(document, steps, inputs),
        keep=keep,
        session=session,
        record_limit=document.properties.record_limit,
        browses=not document.properties.disable_browse,
        writes=not document.properties.disable_output,
    )


def _inputs(document: Document, steps: Plan, inputs: Mapping[int | str, Any]) -> dict[int, Relation]:
    names = {node.name: node.id for node in document.nodes if node.name}
    others = {step.node.id for step in steps.steps if step.tool.inputs or len(step.tool.outputs) != 1}
    found: dict[int, Relation] = {}
    for key, table in inputs.items():
        number = names.get(key, -1) if isinstance(key, str) else key
        if number not in document.by_id:
            raise AskedWrongly(f"there is no input tool {key!r}")
        if number in others:
            raise AskedWrongly(f"tool {key!r} is no input tool: it has inputs, or no records of its own")
        try:
            found[number] = given(table)
        except TypeError as error:
            raise AskedWrongly(f"the records for {key!r} cannot be taken: {error}") from error
    return found
