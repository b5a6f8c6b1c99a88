"""Multi-Field Formula."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, field_type, formula, ignored, many, text, value
from openyx.errors import FormulaError, WorkflowError
from openyx.fields import V_WSTRING, Field, FieldType, Kind, Names
from openyx.formula import Constant
from openyx.messages import Kind as Level
from openyx.relation import Computed, Relation
from openyx.tools.base import Context, Lowered, Tool, meant, missing_field, told, tool
from openyx.tools.shared.chosen import ChosenField, chosen, missing


class Types(StrEnum):
    """Which fields the tool offers: those of others are left alone, whatever the list says."""

    TEXT = "Text"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    SPATIAL = "Spatial"
    ALL = "All"

    def take(self, type_: FieldType) -> bool:
        """Whether fields of a type are among them; that a Bool is no number is assumed."""
        match self:
            case Types.TEXT:
                return type_.is_text
            case Types.NUMERIC:
                return type_.is_number and type_.kind is not Kind.BOOL
            case Types.DATE:
                return type_.is_date
            case Types.BOOL:
                return type_.kind is Kind.BOOL
            case Types.SPATIAL:
                return type_.kind is Kind.SPATIAL
            case Types.ALL:
                return True


class Side(StrEnum):
    """Where the addition to the name of a new field stands."""

    PREFIX = "Prefix"
    SUFFIX = "Suffix"


@tool("AlteryxBasePluginsGui.MultiFieldFormula.MultiFieldFormula")
class MultiFieldFormula(Tool):
    """Computes one expression for several fields.

    In the expression ``[_CurrentField_]`` is the value of the field, ``[_CurrentFieldName_]`` its name and
    ``[_CurrentFieldType_]`` its type, such as ``V_WString``. Every field shows the value that it had before the tool.

    The results take the fields' places, with their types and sizes or one that is chosen for all. As copies they go to
    new fields at the end, whose names have something put before or behind.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("Fields@orderChanged", "how the list of fields is shown"),)

    types: Types = text("FieldType", default=Types.ALL)
    fields: tuple[ChosenField, ...] = many("Fields/Field", of=ChosenField, required=True)
    expression: str = formula("Expression")
    copies: bool = value("CopyOutput", default=False)
    addition: str = text("NewFieldAddOn", default="New_")
    side: Side = text("NewFieldAddOnPos", default=Side.PREFIX)
    changes_type: bool = value("ChangeFieldType", default=False)
    type: FieldType = field_type(
        "OutputFieldType@type", size="OutputFieldType@size", scale="OutputFieldType@scale", default=V_WSTRING
    )

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        names = Names(records.schema.names)
        columns = [
            self._computed(field, names.new(self._named(field.name)) if self.copies else field.name, records, context)
            for field in chosen(records.schema, self.fields, others=False)
            if self.types.take(field.type)
        ]
        return Lowered(
            outputs={"Output": records.add_all(columns) if columns else records},
            messages=tuple(
                told(Level.WARNING, missing_field(records, name).message)
                for name in missing(records.schema, self.fields)
            ),
        )

    def _named(self, name: str) -> str:
        return self.addition + name if self.side is Side.PREFIX else name + self.addition

    def _computed(self, field: Field, name: str, records: Relation, context: Context) -> Computed:
        if not self.expression.strip():
            raise WorkflowError("The expression is empty")
        current: dict[str, Constant] = {
            "_CurrentField_": records.field(field.name),
            "_CurrentFieldName_": field.name,
            "_CurrentFieldType_": field.type.kind.value,
        }
        type_ = meant(self.type) if self.changes_type else field.type
        known = replace(context, constants={**context.constants, **current})
        try:
            expr = known.value(self.expression, records, target=type_)
        except FormulaError as error:
            said = f'"{field.name}": {error.message}'
            raise FormulaError(said, position=error.position, hint=error.hint) from error
        return Computed(name, expr, type_, source=f"Formula: {self.expression}", description=field.description)
