"""Expected answers that a workflow holds beside what it computes: typed-in tables, or files that are only looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openyx.cli.scoring.flow import Flow
from openyx.cli.scoring.tables import Difference, compared
from openyx.cli.scoring.verdict import About, Count, Finding, total
from openyx.document import Node
from openyx.engine import Anchor
from openyx.fields import folded

if TYPE_CHECKING:
    from openyx.relation.table import Table

_LABEL = re.compile(r"\b(expect\w*|solution|answer|output|result|correct|desired|goal)s?\b", re.IGNORECASE)
_CHANGING = re.compile(r"\b(DateTimeNow|DateTimeToday|DateTimeNowPrecise|Rand|RandInt|UuidCreate)\s*\(", re.IGNORECASE)
_CHANGING_TOOL = re.compile(r"^(Date_Time_Now|DateTimeNow|RandomRecords)", re.IGNORECASE)
_FITS = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """A table that stands beside, as it may be what a workflow has to compute; ``labelled`` says so in words."""

    node: Node
    table: Table | None
    labelled: bool


def expected_streams(flow: Flow, tables: Mapping[Anchor, Table]) -> Count:
    """Each table that stands beside, compared with the computed one that fits it best.

    A table beside is an expected answer when a label says so, or when a computed one has most of its fields, or its
    records; what a tool leaves over, where its other records go on, is not what it was to compute. A workflow that
    computes nothing has none. An answer that depends on the clock or on chance counts only where it is equal.
    """
    if not flow.ends:
        return Count()
    computed = {anchor: tables[anchor] for anchor in sorted(flow.ends, key=_place) if anchor in tables}
    complete = len(computed) == len(flow.ends)
    return total(_judged(flow, answer, computed, complete=complete) for answer in _answers(flow, tables))


def _answers(flow: Flow, tables: Mapping[Anchor, Table]) -> Iterator[Answer]:
    for node in flow.tables_beside:
        table = tables.get(Anchor(node.id, "Output"))
        yield Answer(node, table, bool(_LABEL.search(" ".join(_labels(flow, node)))))


def _labels(flow: Flow, node: Node) -> Iterator[str]:
    """What the tool, what shows it and the containers around it are called."""
    yield node.name
    yield node.element.words("Properties/Annotation/AnnotationText")
    holder = flow.document.by_id.get(node.container or -1)
    while holder is not None:
        yield holder.configuration.words("Caption")
        holder = flow.document.by_id.get(holder.container or -1)


def _judged(flow: Flow, answer: Answer, computed: Mapping[Anchor, Table], *, complete: bool) -> Count:
    expected = answer.table
    if expected is None:
        return _not_held(answer, "expected table: it cannot be read") if answer.labelled else Count()
    differences = {anchor: compared(expected, table) for anchor, table in computed.items()}
    for difference in differences.values():
        if difference.equal:
            return Count(1, 1, tuple(_noted(answer, note) for note in difference.notes))
    if not complete:
        return _not_held(answer, "expected table: its answer was not computed")
    likely = computed.keys() - (frozenset() if answer.labelled else flow.leftovers)
    best = max(sorted(likely, key=_place), key=lambda anchor: _fit(expected, computed[anchor]), default=None)
    if best is not None and _fit(expected, computed[best])[0] >= _FITS:
        if any(_varies(node) for node in flow.feeding(best.tool)):
            return Count(findings=(_noted(answer, "its answer depends on the clock or on chance"),))
        return _not_held(answer, f"expected table: {differences[best].what}", best, differences[best])
    if answer.labelled:
        return _not_held(answer, "expected table: no computed one has its fields")
    return Count(findings=(_noted(answer, "a table beside is like nothing that is computed"),))


def _varies(node: Node) -> bool:
    """Whether a tool gives something else each time."""
    texts = (text for each in node.configuration.walk() for text in (each.text, *each.attributes.values()))
    return bool(_CHANGING_TOOL.search(node.kind)) or any(_CHANGING.search(text) for text in texts)


def _fit(expected: Table, computed: Table) -> tuple[float, float, int]:
    """How much of the expected fields a computed table has, how few others, and how near its number of records is."""
    wanted = {folded(name) for name in expected.schema.names}
    given = {folded(name) for name in computed.schema.names}
    return (
        len(wanted & given) / max(len(wanted), 1),
        len(wanted & given) / max(len(given), 1),
        -abs(expected.records - computed.records),
    )


def _not_held(answer: Answer, what: str, anchor: Anchor | None = None, difference: Difference | None = None) -> Count:
    where = f"against tool {anchor.tool} {anchor.name}: " if anchor else ""
    detail = where + (difference.detail if difference else "")
    return Count(1, 0, (Finding(about=About.CHECK, what=what, tool=answer.node.id, detail=detail),))


def _noted(answer: Answer, note: str) -> Finding:
    return Finding(about=About.NOTE, what=f"expected table: {note}", tool=answer.node.id)


def _place(anchor: Anchor) -> tuple[int, str]:
    return anchor.tool, anchor.name
