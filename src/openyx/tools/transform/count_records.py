"""Count Records."""

from __future__ import annotations

from openyx.fields import INT64, Field, Schema
from openyx.relation import How, Relation, Summary, union, values
from openyx.tools.base import Tool, tool

_COUNT = Field("Count", INT64, "(Multiple Sources)")


@tool(
    "AlteryxBasePluginsGui.CountRecords.CountRecords",
    macros=("CountRecords.yxmc",),
    inputs=("Input8",),
    outputs=("Output9",),
)
class CountRecords(Tool):
    """One record with the number of records that arrive, in ``Count``: an Int64, and 0 when none arrives."""

    def lower(self, records: Relation) -> Relation:
        counted = records.aggregate([Summary(name=_COUNT.name, how=How.COUNT)])
        none = values(Schema.of(_COUNT), {_COUNT.name: [0]})
        return union([none, counted]).aggregate([Summary(name=_COUNT.name, how=How.SUM, field=_COUNT.name)])
