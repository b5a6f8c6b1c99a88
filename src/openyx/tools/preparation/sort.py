"""Sort."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, attribute, block, ignored, many
from openyx.errors import WorkflowError
from openyx.fields import Family
from openyx.messages import Kind
from openyx.relation import Key, Relation
from openyx.tools.base import Approximate, Lowered, Tool, missing_field, told, tool


class Direction(StrEnum):
    """Which way."""

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


@block
class SortField:
    """A field to sort by."""

    field: str = attribute("@field")
    order: Direction = attribute("@order", default=Direction.ASCENDING)


@tool("AlteryxBasePluginsGui.Sort.Sort")
class Sort(Tool):
    """Puts the records in order; records that are equal keep theirs.

    Nulls come first ascending and last descending. Text goes by character code, or as in a dictionary where a language
    is chosen: signs before digits before letters; letters without their marks and whatever their case, then those with
    marks behind those without, then capitals behind small letters; hyphens and apostrophes decide last.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("SortInfo@stable", "every sort is"),)
    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "the dictionary's order is the same for every language, and letters beyond Latin go by character code",
            when=lambda sort: sort.locale != 0,
        ),
    )

    fields: tuple[SortField, ...] = many("SortInfo/Field", "SortFields/SortField", of=SortField, required=True)
    locale: int = attribute("SortInfo@locale", default=0)

    def lower(self, records: Relation) -> Lowered:
        known = [each for each in self.fields if each.field in records.schema]
        missing = [missing_field(records, each.field) for each in self.fields if each not in known]
        if missing and not known:
            raise missing[0]
        for each in known:
            if records.schema[each.field].type.family in (Family.BLOB, Family.SPATIAL):
                raise WorkflowError(f'The field "{each.field}" cannot be sorted: it is no text, number or date')
        keys = [Key(each.field, each.order is Direction.DESCENDING, self.locale) for each in known]
        return Lowered(
            outputs={"Output": records.sort(keys) if keys else records},
            messages=tuple(told(Kind.WARNING, error.message) for error in missing),
        )
