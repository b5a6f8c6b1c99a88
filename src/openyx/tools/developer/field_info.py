"""Field Info."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from openyx.fields import INT32, Field, FieldType, Kind, Schema
from openyx.relation import Relation, values
from openyx.relation.evidence import units
from openyx.tools.base import Approximate, Lowered, Tool, tool

_SOURCE = "FieldInfo"
_NAMES = ("Name", "Type", "Size", "Scale", "Source", "Description")


@tool("AlteryxBasePluginsGui.FieldInfo.FieldInfo")
class FieldInfo(Tool):
    """One record for each field, in order: name, type, size, scale, where it comes from, description.

    The size of a text is in code units, that of a FixedDecimal in characters, else in bytes. Only a FixedDecimal has a
    scale; the others' is null. The texts' own sizes are those of the longest, at least 1.
    """

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("a field without source or description has an empty text there: whether it is null is not known"),
    )

    def lower(self, records: Relation) -> Lowered:
        fields = records.schema
        texts = {
            "Name": (Kind.V_STRING, [field.name for field in fields]),
            "Type": (Kind.STRING, [field.type.kind.value for field in fields]),
            "Source": (Kind.V_WSTRING, [field.source for field in fields]),
            "Description": (Kind.V_WSTRING, [field.description for field in fields]),
        }
        numbers: dict[str, Sequence[object]] = {
            "Size": [field.type.size for field in fields],
            "Scale": [_scale(field.type) for field in fields],
        }
        types = dict.fromkeys(numbers, INT32) | {name: _sized(kind, said) for name, (kind, said) in texts.items()}
        columns = {**numbers, **{name: said for name, (_, said) in texts.items()}}
        schema = Schema(tuple(Field(name, types[name], _SOURCE) for name in _NAMES))
        # The records themselves do not matter, but what goes wrong with them before is to be told.
        return Lowered(outputs={"Output": values(schema, columns)}, watched={"Input": records}, limit=0)


def _scale(type_: FieldType) -> int | None:
    return type_.scale if type_.kind is Kind.FIXED_DECIMAL else None


def _sized(kind: Kind, texts: list[str]) -> FieldType:
    return FieldType.of(kind, max([1, *map(units, texts)]))
