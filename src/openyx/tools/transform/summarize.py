"""Summarize."""

from __future__ import annotations

from openyx.document.config import attribute, block, many, text
from openyx.errors import NotYet, WorkflowError
from openyx.fields import unique
from openyx.relation import How, Relation, Summary
from openyx.tools.base import Tool, field_of, tool

ACTIONS = {
    "groupby": (How.GROUP, ""),
    "sum": (How.SUM, "Sum_"),
    "count": (How.COUNT, ""),
    "min": (How.MIN, "Min_"),
    "max": (How.MAX, "Max_"),
    "avg": (How.AVG, "Avg_"),
    "concat": (How.CONCAT, "Concat_"),
    "first": (How.FIRST, "First_"),
    "last": (How.LAST, "Last_"),
}
"""What each action does, and how a field without a name of its own is called."""

_ESCAPES = {"\\r": "\r", "\\n": "\n", "\\t": "\t"}


@block
class SummarizeField:
    """A field of the summary."""

    field: str = attribute("@field")
    action: str = attribute("@action")
    rename: str = attribute("@rename", default="")
    separator: str = text("Separator", default=",")
    start: str = text("Concat_Start", default="")
    end: str = text("Concat_End", default="")

    def summary(self, taken: list[str]) -> Summary:
        """The summary under a name that is not *taken*."""
        if self.action.lower() not in ACTIONS:
            raise NotYet(f"{self.action} in Summarize")
        how, prefix = ACTIONS[self.action.lower()]
        default = "Count" if how is How.COUNT else prefix + self.field
        return Summary(
            name=unique(self.rename or default, taken),
            how=how,
            field=self.field,
            separator=_unescaped(self.separator),
            start=_unescaped(self.start),
            end=_unescaped(self.end),
        )


@tool("AlteryxSpatialPluginsGui.Summarize.Summarize", "AlteryxBasePluginsGui.Summarize.Summarize")
class Summarize(Tool):
    """One record for each group: sums, counts, averages, the first and the last, texts strung together.

    The groups come sorted, nulls first; null is a group of its own. Nulls are left out of everything but Count, First
    and Last. Without a group there is one record; when no record arrives there is none.
    """

    fields: tuple[SummarizeField, ...] = many(
        "SummarizeFields/SummarizeField", "Fields/Field", of=SummarizeField, required=True
    )

    def lower(self, records: Relation) -> Relation:
        if not self.fields:
            raise WorkflowError("No field is selected")
        summaries: list[Summary] = []
        for each in self.fields:
            summary = each.summary([other.name for other in summaries])
            if summary.how is not How.COUNT or each.field:
                field_of(records, each.field)
            summaries.append(summary)
        try:
            return records.aggregate(summaries)
        except TypeError as error:
            raise WorkflowError(str(error)) from error


def _unescaped(text: str) -> str:
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text
