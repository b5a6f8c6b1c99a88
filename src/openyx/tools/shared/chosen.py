"""The list of fields in which a tool's user ticks some."""

from __future__ import annotations

from collections.abc import Sequence

from openyx.document.config import attribute, block
from openyx.fields import Field, Schema, folded

UNKNOWN = "*Unknown"
"""What stands in a list for all fields that it does not name."""


@block
class ChosenField:
    """A field of the list, or ``*Unknown``. Some tools call it ``field`` and others ``name``."""

    field: str = attribute("@field", "@name")
    selected: bool = attribute("@selected", default=True)


def chosen(schema: Schema, listed: Sequence[ChosenField], *, others: bool) -> list[Field]:
    """The fields that are ticked, in their order; *others*: so are those not named, where ``*Unknown`` is not there."""
    ticked = {folded(each.field): each.selected for each in listed}
    unknown = ticked.get(folded(UNKNOWN), others)
    return [field for field in schema if ticked.get(folded(field.name), unknown)]


def missing(schema: Schema, listed: Sequence[ChosenField]) -> list[str]:
    """The fields that are ticked and not there, each once."""
    names = [each.field for each in listed if each.selected and folded(each.field) != folded(UNKNOWN)]
    return [name for name in dict.fromkeys(names) if name not in schema]
