"""One workflow file read, run and judged; it is done in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.cli.scoring.anchors import ordered_anchors, remembered_fields, remembered_order
from openyx.cli.scoring.assertions import (
    assertions,
    expected_errors,
    macro_documents,
    macro_files,
    refusals,
    unexpected,
)
from openyx.cli.scoring.cutting import as_drawn, without
from openyx.cli.scoring.expected import expected_streams
from openyx.cli.scoring.files import PACKAGE, unread
from openyx.cli.scoring.flow import Flow
from openyx.cli.scoring.needs import Needs, libraries, needs
from openyx.cli.scoring.verdict import About, Finding, Verdict
from openyx.cli.scoring.written import expected_files
from openyx.document import Document, read, unpack
from openyx.engine import Anchor, Mirror, Output, Result, run_workflow
from openyx.errors import AnswerError, DocumentError, Missing, OpenYXError
from openyx.messages import Kind

if TYPE_CHECKING:
    from openyx.fields import Schema
    from openyx.relation.table import Table

_MOST_ATTEMPTS = 20
_PARTICULAR = re.compile(r"""("[^"]*"|'[^']*'|\d+)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the whole workflow, or of what is left of it without the tools that stopped it."""

    document: Document
    result: Result | None = None
    error: OpenYXError | None = None

    @property
    def ended(self) -> bool:
        """Whether it came to its end."""
        return self.result is not None and self.result.ended

    @property
    def stopped(self) -> list[str]:
        """Why it did not come to its end."""
        if self.error is not None:
            return [self.error.message]
        return [] if self.ended else self.told

    @property
    def told(self) -> list[str]:
        """All its errors."""
        return [text for _, text in self._told]

    @property
    def culprits(self) -> set[int]:
        """The tools that kept it from its end."""
        return set() if self.ended else {tool for tool, _ in self._told} & set(self.document.by_id)

    @property
    def errors(self) -> Mapping[int, Sequence[str]]:
        """The errors of each tool that ran."""
        if not self.ended:
            return {}
        return {
            node.id: [text for tool, text in self._told if tool == node.id]
            for node in self.document.nodes
            if not node.disabled
        }

    @property
    def tables(self) -> Mapping[Anchor, Table]:
        """The records that it kept."""
        return self.result.tables if self.result is not None else {}

    @property
    def schemas(self) -> Mapping[Anchor, Schema]:
        """The fields of all anchors."""
        return self.result.schemas if self.result is not None else {}

    @property
    def outputs(self) -> Sequence[Output]:
        """The files that it wrote."""
        return self.result.outputs if self.result is not None else ()

    @property
    def _told(self) -> list[tuple[int, str]]:
        messages = self.result.messages if self.result is not None else ()
        return [(message.tool, message.text) for message in messages if message.kind is Kind.ERROR]


def judge(path: Path, root: Path, scratch: Path, tell: Callable[[Verdict], object]) -> None:
    """Judge a file below *root*; *tell* is given what is known each time that more is known, the last time all of it.

    What the workflow writes goes below *scratch*.
    """
    verdict = unread(path, root)
    tell(verdict)
    try:
        document, mirror = _opened(path, root, scratch)
    except DocumentError as error:
        finding = Finding(about=About.REFUSED, what=error.message.removeprefix(f"{error.place}: "), detail=error.place)
        tell(replace(verdict, reason=error.message, findings=(finding,)))
        return
    verdict = replace(verdict, read=True, reason="it was not run")
    tell(verdict)
    flow = Flow(document)
    macros = dict(macro_files(flow, libraries(path, root)))
    lacks = needs(flow, mirror, libraries(path, root), macros)
    is_macro = document.package_type == "Macro"
    verdict = replace(verdict, missing=lacks.missing, inputs=not lacks.absent and not is_macro)
    tell(verdict)
    whole = without(document, lacks.absent) if lacks.absent else document
    drawn = as_drawn(whole)
    runs = list(_runs(drawn if is_macro else whole, flow, mirror, libraries(path, root)))
    judged = _measured(verdict, flow, runs, macros, mirror)
    is_same = drawn is whole or is_macro
    as_shown = runs if is_same else list(_runs(drawn, flow, mirror, libraries(path, root)))
    judged = _remembering(judged, flow, as_shown[-1])
    tell(_reasoned(judged, flow, runs[0], lacks, is_macro=is_macro))


def _opened(path: Path, root: Path, scratch: Path) -> tuple[Document, Mirror]:
    if path.suffix.lower() == PACKAGE:
        inside = scratch / "package"
        inside.mkdir()
        return read(unpack(path, inside)), Mirror(inside, scratch / "written")
    return read(path), Mirror(root, scratch / "written")


def _runs(document: Document, flow: Flow, mirror: Mirror, shelves: tuple[Path, ...]) -> Iterator[Run]:
    """The run of a workflow; then, while tools stop it, of what is left without them."""
    beside = {Anchor(node.id, "Output") for node in flow.tables_beside}
    keep = flow.ends | ordered_anchors(flow) | beside
    for _ in range(_MOST_ATTEMPTS):
        try:
            result = run_workflow(document, mirror=mirror, macros=shelves, keep=keep, browse_limit=0)
        except (DocumentError, AnswerError, Missing) as error:
            yield Run(document=document, error=error)
            return
        run = Run(document=document, result=result)
        yield run
        if not run.culprits:
            return
        document = without(document, run.culprits)


def _measured(verdict: Verdict, flow: Flow, runs: Sequence[Run], macros: Mapping[int, Path], mirror: Mirror) -> Verdict:
    """The verdict with the checks that hold."""
    run = runs[-1]
    checks = (
        assertions(flow, run.errors, macro_documents(macros), raised=runs[0].told)
        + expected_streams(flow, run.tables)
        + expected_files(flow, run.outputs, mirror)
    )
    return replace(verdict, checks=checks.all, held=checks.good, findings=checks.findings)


def _remembering(verdict: Verdict, flow: Flow, run: Run) -> Verdict:
    """The verdict with what the file remembers, compared with a run of it as it is drawn."""
    fields = remembered_fields(flow, run.schemas)
    order = remembered_order(flow, run.tables)
    return replace(
        verdict,
        fields=fields.all,
        fields_equal=fields.good,
        anchors_ordered=order.all,
        order_equal=order.good,
        findings=(*verdict.findings, *fields.findings, *order.findings),
    )


def _reasoned(verdict: Verdict, flow: Flow, run: Run, lacks: Needs, *, is_macro: bool) -> Verdict:
    """The verdict with whether it ran, and why not."""
    is_ready = not lacks.missing and not lacks.absent and not is_macro
    ran = not lacks.absent and not is_macro and _ran(flow, run)
    stops = run.stopped if is_ready and not ran else []
    findings = (
        *(Finding(about=About.MISSING, what=each) for each in lacks.missing),
        *(Finding(about=About.INPUT, what=what, tool=tool) for tool, what in lacks.absent.items()),
        *(Finding(about=About.RUN, what=_PARTICULAR.sub("…", text.splitlines()[0]), detail=text) for text in stops),
        *verdict.findings,
    )
    reason = "a macro runs where it is called" if is_macro else _reason(findings, ran=ran)
    return replace(verdict, ran=ran, reason=reason, findings=findings)


def _ran(flow: Flow, run: Run) -> bool:
    """Whether it came to its end, or failed as the product would.

    That is in the words that it expects, for answers that it refuses itself, or where lines lack.
    """
    wanted = expected_errors(flow)
    expected = bool(wanted) and run.result is not None and not unexpected(run.result, wanted)
    unconnected = bool(run.culprits) and all(flow.lacks_connection(tool) for tool in run.culprits)
    refused = bool(run.told) and refusals(flow).issuperset(run.told)
    return run.ended or expected or refused or unconnected


def _reason(findings: Sequence[Finding], *, ran: bool) -> str:
    subjects = (About.CHECK,) if ran else (About.MISSING, About.INPUT, About.RUN)
    first = next((each for about in subjects for each in findings if each.about is about), None)
    if first is None:
        return ""
    return first.detail if first.about is About.RUN else ": ".join(filter(None, (first.what, first.detail)))
