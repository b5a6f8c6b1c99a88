"""Sample."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, ignored, many, text
from openyx.errors import WorkflowError
from openyx.fields import unique
from openyx.formula import bracketed
from openyx.relation import Relation
from openyx.relation.expr import literal
from openyx.relation.kernels.chance import drawn
from openyx.relation.kernels.compare import compared
from openyx.relation.verbs.window import Number, Size
from openyx.tools.base import Approximate, Context, Lowered, Tool, tool
from openyx.tools.shared.groups import known_groups, only

SEED = 1
"""The tool has no setting for it."""


class Mode(StrEnum):
    """Which records are kept."""

    FIRST = "First"
    LAST = "Last"
    SKIP = "Skip"
    SAMPLE = "Sample"
    RANDOM = "Random"
    PERCENT = "NPercent"


_CONDITIONS = {
    Mode.FIRST: "{number} <= {count}",
    Mode.LAST: "{number} > {size} - {count}",
    Mode.SKIP: "{number} > {count}",
    Mode.SAMPLE: "Mod({number} - 1, {count}) = 0",
    Mode.PERCENT: "({number} - 1) * 100 < {size} * {count}",
}


@tool("AlteryxBasePluginsGui.Sample.Sample")
class Sample(Tool):
    """Keeps some of the records: the first or last N, all but the first N, the first of every N, the first N percent.

    A percentage that does not come out even is rounded up to whole records. The random mode keeps each record with a
    chance of 1 in N, and draws the same for the same records every time.

    With groups the rule holds in each group; the records come sorted by the groups, nulls first, and keep their order
    within each.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("GroupFields@orderChanged", "how the list of fields is shown"),)
    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("which records are drawn differs", when=lambda sample: sample.mode is Mode.RANDOM),
        Approximate(
            "how a percentage is rounded to whole records is not known", when=lambda sample: sample.mode is Mode.PERCENT
        ),
    )

    mode: Mode = text("Mode")
    count: int = text("N")
    groups: tuple[str, ...] = many("GroupFields/Field", each="@name", default=())

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        least = 1 if self.mode in (Mode.SAMPLE, Mode.RANDOM) else 0
        if self.count < least:
            raise WorkflowError(f"N is {self.count}, and must be {least} or more")
        names, warnings = known_groups(records, self.groups)
        return Lowered(outputs={"Output": self._kept(records, names, context)}, messages=warnings)

    def _kept(self, records: Relation, names: tuple[str, ...], context: Context) -> Relation:
        if not names and self.mode is Mode.FIRST:
            return records.limit(self.count)
        if not names and self.mode is Mode.SKIP:
            return records.limit(None, skip=self.count)
        number = unique("Number", records.schema.names)
        size = unique("Size", (*records.schema.names, number))
        if self.mode is Mode.RANDOM:
            numbered = records.sort(names).number(number) if names else records.number(number)
            chance = drawn(numbered.field(number), seed=SEED)
            return only(numbered.filter(compared("<", chance, literal(1 / self.count))), records)
        numbered = records.window(names, [Number(number), Size(size)])
        condition = _CONDITIONS[self.mode].format(number=bracketed(number), size=bracketed(size), count=self.count)
        return only(numbered.filter(context.condition(condition, numbered)), records)
