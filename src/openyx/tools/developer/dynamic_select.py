"""Dynamic Select."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import formula, text
from openyx.errors import DocumentError
from openyx.fields import BOOL, INT32, V_STRING, V_WSTRING, Field, FieldType, Kind, Schema
from openyx.messages import Message
from openyx.relation import Pick, Relation, values
from openyx.tools.base import Approximate, Context, Lowered, Tool, tool
from openyx.tools.shared.metadata import evaluated


class Mode(StrEnum):
    """How fields are chosen."""

    FORMULA = "Formula"
    TYPES = "FieldTypes"


@tool("AlteryxBasePluginsGui.DynamicSelect.DynamicSelect")
class DynamicSelect(Tool):
    """Keeps the fields of some types, or those for which a formula is true; they stay in their order.

    Where no field is left the records go on without any: they still count.

    The formula sees a field's ``[Name]``, ``[Type]``, ``[Size]``, ``[Scale]``, ``[FieldNumber]`` (from 1),
    ``[Source]`` and ``[Description]``, and whether it ``[IsNumeric]`` (Bool is not), ``[IsString]``, ``[IsDate]``,
    ``[IsStringOrDate]``, ``[IsSpatial]`` or ``[IsBlob]``.
    """

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "of the fields that the formula sees, the first number and the Is… but [IsNumeric] and [IsStringOrDate] "
            "are assumed",
            when=lambda tool: tool.mode is Mode.FORMULA,
        ),
    )

    may_leave_no_field: ClassVar[bool] = True

    mode: Mode = text("Mode", default=Mode.TYPES)
    expression: str = formula("Expression", default="")
    types: str = text("FieldTypes", default="")

    def formulas(self) -> Iterable[str]:
        return filter(None, (self.expression if self.mode is Mode.FORMULA else "",))

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        messages: Sequence[Message] = ()
        if self.mode is Mode.TYPES:
            kinds = self._kinds()
            kept = [field.type.kind in kinds for field in records.schema]
        else:
            kept, messages = self._computed(records.schema, context)
        picks = [Pick(name) for name, keeps in zip(records.schema.names, kept, strict=True) if keeps]
        return Lowered(outputs={"Output": records.select(picks)}, messages=tuple(messages))

    def _kinds(self) -> frozenset[Kind]:
        try:
            return frozenset(FieldType.of(name).kind for name in self.types.split(",") if name.strip())
        except ValueError as error:
            raise DocumentError(str(error), place="setting FieldTypes") from error

    def _computed(self, fields: Schema, context: Context) -> tuple[list[bool], list[Message]]:
        """What the formula says of each field, and what went wrong in it: it sees fields, not records."""
        listed = _listed(fields)
        kept, faults = evaluated(listed, context.condition(self.expression, listed))
        return [bool(keeps) for keeps in kept], faults


def _listed(fields: Schema) -> Relation:
    """A record for each field."""
    types = [field.type for field in fields]
    columns: dict[Field, Sequence[object]] = {
        Field("Name", V_WSTRING): fields.names,
        Field("Type", V_STRING): [type_.kind.value for type_ in types],
        Field("Size", INT32): [type_.size for type_ in types],
        Field("Scale", INT32): [type_.scale for type_ in types],
        Field("FieldNumber", INT32): range(1, len(types) + 1),
        Field("Source", V_WSTRING): [field.source for field in fields],
        Field("Description", V_WSTRING): [field.description for field in fields],
    }
    numeric = [type_.is_number and type_.kind is not Kind.BOOL for type_ in types]
    tests = {
        "IsNumeric": numeric,
        "IsNumber": numeric,
        "IsString": [type_.is_text for type_ in types],
        "IsDate": [type_.is_date for type_ in types],
        "IsStringOrDate": [type_.is_text or type_.is_date for type_ in types],
        "IsSpatial": [type_.kind is Kind.SPATIAL for type_ in types],
        "IsBlob": [type_.kind is Kind.BLOB for type_ in types],
    }
    columns |= {Field(name, BOOL): found for name, found in tests.items()}
    return values(Schema(tuple(columns)), {field.name: list(found) for field, found in columns.items()})
