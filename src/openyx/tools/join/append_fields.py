"""Append Fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from openyx.document.config import Ignored, nested, text
from openyx.messages import Message
from openyx.relation import Relation
from openyx.tools.base import Lowered, Seen, Tool, tool
from openyx.tools.shared.grid import IGNORED, Grid, prefixed
from openyx.tools.shared.matches import LIMIT, CartesianMode, unless


@tool("AlteryxBasePluginsGui.AppendFields.AppendFields", inputs=("Targets", "Source"))
class AppendFields(Tool):
    """Gives every target record the fields of every source record.

    All records of the first target come first, then those of the second. Without a source record nothing comes out. A
    source field whose name a target field of the output has becomes ``Source_`` and the name.

    More than 16 source records are an error, and nothing comes out, unless they are allowed; the result has as many
    records as targets and sources make pairs.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = IGNORED

    mode: CartesianMode = text("CartesianMode", default=CartesianMode.ERROR)
    grid: Grid = nested("SelectConfiguration/Configuration", of=Grid, default=Grid())

    def lower(self, targets: Relation, source: Relation) -> Lowered:
        beyond = source.limit(1, skip=LIMIT)
        if self.mode is CartesianMode.ERROR:
            source = unless(source.limit(LIMIT), beyond)
        one, target_names = prefixed(targets, "Target_")
        other, source_names = prefixed(source, "Source_")
        shown, missing = self.grid.of(one.append(other), {**target_names, **source_names})
        watched = {} if self.mode is CartesianMode.ALLOW else {"beyond": beyond}
        return Lowered(outputs={"Output": shown}, watched=watched, messages=missing)

    def report(self, seen: Seen) -> Iterable[Message]:
        if "beyond" in seen.watched and len(seen.watched["beyond"]):
            yield from self.mode.told(f"The Source input has more than {LIMIT} records")
