"""Transpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, ignored, many, text
from openyx.fields import Field, FieldType, Schema, unique
from openyx.messages import Kind, Message
from openyx.relation import Pick, Relation, Stacked
from openyx.tools.base import Lowered, Tool, missing_field, told, tool
from openyx.tools.shared.chosen import ChosenField, chosen, missing
from openyx.tools.shared.inference import fixed_text
from openyx.tools.shared.widening import common

NO_DATA = FieldType.of("String", 1)


class WhenMissing(StrEnum):
    """What happens when a field that the tool names is not there."""

    WARN = "Warn"
    IGNORE = "Ignore"
    ERROR = "Error"


@tool("AlteryxBasePluginsGui.Transpose.Transpose")
class Transpose(Tool):
    """Makes a record of each value: the key fields, the ``Name`` of the value's field, and the ``Value``.

    The records of the first record come first, in the order of the fields. Key fields come as listed, and are no data.
    A null is a value like any other.

    Name is a String as long as the longest name, or a WString where a name has letters beyond Latin-1 (we assume).
    Value has the type that all the data fields fit in: one type stays, numbers widen, and numbers, dates and texts
    become text. Without any data field no record comes out.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("KeyFields@orderChanged", "key fields come as listed"),
        ignored("DataFields@orderChanged", "data fields come as they arrive"),
    )

    keys: tuple[str, ...] = many("KeyFields/Field", each="@field", default=())
    data: tuple[ChosenField, ...] = many("DataFields/Field", of=ChosenField, required=True)
    when_missing: WhenMissing = text("ErrorWarn", default=WhenMissing.WARN)

    def lower(self, records: Relation) -> Lowered:
        keys = self._keys(records.schema)
        fields = [each for each in chosen(records.schema, self.data, others=False) if each.name not in keys]
        type_ = common([field.type for field in fields]) if fields else NO_DATA
        name = Field(unique("Name", keys), fixed_text(field.name for field in fields), "Transpose:")
        value = Field(unique("Value", [*keys, name.name]), type_, merged_source([field.source for field in fields]))
        cast = records.select([*keys, *(Pick(field.name, type=type_) for field in fields)]) if fields else records
        names = tuple(field.name for field in fields)
        turned = cast.unpivot(keys, [Stacked(name, texts=names), Stacked(value, fields=names)])
        return Lowered(outputs={"Output": turned}, messages=tuple(self._complaints(records)))

    def _keys(self, schema: Schema) -> list[str]:
        found = [schema[name].name for name in self.keys if name in schema]
        return list(dict.fromkeys(found))

    def _complaints(self, records: Relation) -> Iterator[Message]:
        if self.when_missing is WhenMissing.IGNORE:
            return
        keys = [name for name in self.keys if name not in records.schema]
        for name in dict.fromkeys([*keys, *missing(records.schema, self.data)]):
            error = missing_field(records, name)
            if self.when_missing is WhenMissing.ERROR:
                raise error
            yield told(Kind.WARNING, error.message)


def merged_source(sources: Sequence[str]) -> str:
    """Where a field comes from that is made of several.

    >>> merged_source(["Formula: 1", "Formula: 2"]), merged_source(["Formula: 1", "TextInput:"])
    ('Formula: (Multiple Sources)', '(Multiple Sources)')
    """
    if len(set(sources)) <= 1:
        return next(iter(sources), "")
    heads = {source.partition(":")[0] if ":" in source else "" for source in sources}
    head = heads.pop() if len(heads) == 1 else ""
    return f"{head}: (Multiple Sources)" if head else "(Multiple Sources)"
