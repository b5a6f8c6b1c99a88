"""Tools run by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openyx.engine import messages
from openyx.messages import Message
from openyx.relation import Anchor, Relation
from openyx.relation.run import Keep
from openyx.relation.run import run as run_relations
from openyx.relation.table import Table
from openyx.relation.verbs.sources import Values
from openyx.testing.tables import Records, records
from openyx.tools.base import Context, Lowered, Seen, Tool, check_supported


@dataclass(frozen=True, slots=True)
class Ran:
    """What a tool gave: its outputs by anchor, and what it said, conversion errors included."""

    outputs: Mapping[str, Records]
    messages: tuple[Message, ...]

    @property
    def table(self) -> Records:
        """Its first output."""
        return next(iter(self.outputs.values()))

    @property
    def said(self) -> list[str]:
        """The texts of its messages."""
        return [message.text for message in self.messages]


def run(tool: Tool, *inputs: Records | None, context: Context | None = None, error_limit: int = 10) -> Ran:
    """Run a tool on tables, one for each input anchor (for an anchor of many lines: all of them).

    Raises what the tool raises, and ``NotYet`` with the first of what it lacks.
    """
    check_supported(tool)
    given: list[object]
    if any(each.many for each in tool.inputs):
        given = [{f"#{place}": _arriving(each) for place, each in enumerate(inputs, start=1) if each}]
    else:
        given = [_arriving(each) if each else None for each in inputs]
    known = replace(context or Context(), stage=_Stage())
    wanted = {"context": known} if "context" in tool.lower.__annotations__ else {}
    lowered = tool.lower(*given, **wanted)
    if isinstance(lowered, Relation):
        lowered = Lowered(outputs={tool.outputs[0]: lowered})
    elif not isinstance(lowered, Lowered):
        lowered = Lowered(outputs=lowered)
    kept = [(name, Keep(relation.tap(1, name), tool=1)) for name, relation in lowered.outputs.items()]
    watched = [(name, Keep(relation, lowered.limit, 1)) for name, relation in lowered.watched.items()]
    outcome = run_relations([sink for _, sink in (*kept, *watched)], listed=error_limit)
    tables = [result for result in outcome.results if not isinstance(result, int)]
    outputs = {name: table for (name, _), table in zip(kept, tables, strict=False)}
    seen = Seen(
        counts={anchor.name: count for anchor, count in outcome.counts.items() if anchor == Anchor(1, anchor.name)},
        watched={name: table for (name, _), table in zip(watched, tables[len(kept) :], strict=True)},
    )
    errors = [
        message
        for faulted in outcome.faults
        for message in messages.conversion_errors(faulted, limit=error_limit, stops=False)
    ]
    return Ran(
        {name: records(table) for name, table in outputs.items()},
        (*lowered.messages, *errors, *tool.report(seen)),
    )


def _arriving(table: Records) -> Relation:
    """The records as another tool hands them on, counted."""
    return table.relation.tap(0, "Output")


class _Stage:
    """Computes at once what a tool wants to look at; what is held goes by as a table in memory."""

    def hold(self, records: Relation) -> Relation:
        return Relation(Values(records.schema, self.look(records).frame))

    def look(self, records: Relation) -> Table:
        return run_relations([Keep(records)], count=False).table(0)
