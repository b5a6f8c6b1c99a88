"""Summarize."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from openyx.document.config import attribute, block, many, text, value
from openyx.errors import WorkflowError
from openyx.fields import Names
from openyx.relation import How, Relation, Summary
from openyx.tools.base import Approximate, Tool, field_of, tool
from openyx.tools.shared.escapes import unescaped

ACTIONS = {
    "groupby": (How.GROUP, ""),
    "sum": (How.SUM, "Sum_"),
    "count": (How.COUNT, ""),
    "countnonnull": (How.COUNT_NON_NULL, "CountNonNull_"),
    "countdistinct": (How.COUNT_DISTINCT, "CountDistinct_"),
    "countdistinctnonnull": (How.COUNT_DISTINCT_NON_NULL, "CountDistinctNonNull_"),
    "countnull": (How.COUNT_NULL, "CountNull_"),
    "countblank": (How.COUNT_BLANK, "CountBlank_"),
    "countnonblank": (How.COUNT_NON_BLANK, "CountNonBlank_"),
    "min": (How.MIN, "Min_"),
    "max": (How.MAX, "Max_"),
    "avg": (How.AVG, "Avg_"),
    "stddev": (How.DEVIATION, "StdDev_"),
    "var": (How.VARIANCE, "Var_"),
    "variance": (How.VARIANCE, "Variance_"),
    "median": (How.MEDIAN, "Median_"),
    "percentile": (How.PERCENTILE, "Percentile_"),
    "pctl": (How.PERCENTILE, "Pctl_"),
    "mode": (How.MODE, "Mode_"),
    "longest": (How.LONGEST, "Longest_"),
    "shortest": (How.SHORTEST, "Shortest_"),
    "concat": (How.CONCAT, "Concat_"),
    "first": (How.FIRST, "First_"),
    "last": (How.LAST, "Last_"),
}
"""What each action does, and how a field without a name of its own is called."""

WITHOUT_ZEROS = "no0"
"""The end of an action that leaves zeros out, such as ``AvgNo0``."""

_SKIPPING = frozenset({How.AVG, How.DEVIATION, How.VARIANCE, How.MEDIAN, How.PERCENTILE, How.MODE, How.MIN, How.MAX})
_WITHOUT_ZEROS = {f"{action}{WITHOUT_ZEROS}": how for action, (how, _) in ACTIONS.items() if how in _SKIPPING}
_KEEPING_SOURCE = frozenset({How.MIN, How.MAX, How.FIRST, How.LAST})


@block
class SummarizeField:
    """A field of the summary."""

    field: str = attribute("@field")
    action: str = attribute("@action")
    rename: str = attribute("@rename", default="")
    separator: str = text("Separator", default=",")
    start: str = text("Concat_Start", default="")
    end: str = text("Concat_End", default="")
    percentile: float = value("Percentile", default=0.5)

    @property
    def is_known(self) -> bool:
        """Whether its action is supported."""
        return self.action.lower() in ACTIONS or self.action.lower() in _WITHOUT_ZEROS

    def summary(self, names: Names) -> Summary:
        """The summary under a new one of *names*."""
        how, prefix, without_zeros = self._meaning()
        if not 0 <= self.percentile <= 1:
            raise WorkflowError(f'The percentile of "{self.field}" is {self.percentile:g}: it must be from 0 to 1')
        default = "Count" if how is How.COUNT else prefix + self.field
        source = f"Summarize: {self.action} - {self.field}" if self.field else f"Summarize: {self.action}"
        return Summary(
            name=names.new(self.rename or default),
            how=how,
            field=self.field,
            without_zeros=without_zeros,
            fraction=self.percentile,
            separator=unescaped(self.separator),
            start=unescaped(self.start),
            end=unescaped(self.end),
            source=None if how in _KEEPING_SOURCE else source,
        )

    def _meaning(self) -> tuple[How, str, bool]:
        action = self.action.lower()
        if action in ACTIONS:
            return *ACTIONS[action], False
        return _WITHOUT_ZEROS[action], f"{self.action}_", True


@tool("AlteryxSpatialPluginsGui.Summarize.Summarize", "AlteryxBasePluginsGui.Summarize.Summarize")
class Summarize(Tool):
    """One record for each group: sums, counts, averages, the first and the last, texts strung together.

    The groups come sorted, nulls first; null is a group of its own. Nulls are left out of everything but Count, First
    and Last; Count Distinct counts null as one value. Null and the empty text are blank. The standard deviation and
    the variance are those of a sample, and null for one value. A percentile lies between two values as its rank does.
    Mode, Longest and Shortest take the first of equals. The actions that ignore zeros leave them out like nulls.

    Without a group there is one record; when no record arrives there is none.
    """

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "that the deviation and variance of one value are null is assumed",
            when=lambda tool: tool.does(How.DEVIATION, How.VARIANCE),
        ),
        Approximate(
            "that the first of equals is taken is assumed",
            when=lambda tool: tool.does(How.MODE, How.LONGEST, How.SHORTEST),
        ),
        Approximate("that null texts alone give null is assumed", when=lambda tool: tool.does(How.CONCAT)),
    )

    fields: tuple[SummarizeField, ...] = many(
        "SummarizeFields/SummarizeField", "Fields/Field", of=SummarizeField, required=True
    )

    def does(self, *hows: How) -> bool:
        """Whether one of its actions is among these."""
        actions = (each.action.lower().removesuffix(WITHOUT_ZEROS) for each in self.fields)
        return any(ACTIONS[action][0] in hows for action in actions if action in ACTIONS)

    def lacks(self) -> Iterable[str]:
        return (f"{each.action} in Summarize" for each in self.fields if not each.is_known)

    def lower(self, records: Relation) -> Relation:
        if not self.fields:
            raise WorkflowError("No field is selected")
        summaries: list[Summary] = []
        names = Names()
        for each in self.fields:
            summary = each.summary(names)
            if summary.how is not How.COUNT or each.field:
                field_of(records, each.field)
            summaries.append(summary)
        try:
            return records.aggregate(summaries)
        except TypeError as error:
            raise WorkflowError(str(error)) from error
