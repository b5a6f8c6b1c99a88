"""Union."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, attribute, block, ignored, many, text, value
from openyx.errors import WorkflowError
from openyx.fields import Field, FieldType, Names, folded
from openyx.messages import Kind, Message
from openyx.relation import Computed, Pick, Relation
from openyx.relation.expr import literal
from openyx.relation.relation import union
from openyx.tools.base import Input, Lowered, Tool, told, tool
from openyx.tools.shared.widening import common


class Mode(StrEnum):
    """How fields of several inputs come to be one."""

    BY_NAME = "ByName"
    BY_POSITION = "ByPos"
    MANUAL = "Manual"
    MANUAL_DELAYED = "ManualDelayed"


class ErrorMode(StrEnum):
    """What is said of a field that some input does not have."""

    IGNORE = "Ignore"
    WARNING = "Warning"
    ERROR = "Error"


class OutputMode(StrEnum):
    """Whether fields that some input does not have come out."""

    ALL = "All"
    SUBSET = "Subset"


@block
class ManualField:
    """A field of an input, and the output column that it goes to."""

    name: str = attribute("@name")
    column: int = attribute("@column")


@block
class ManualInput:
    """The fields of an input that were arranged by hand."""

    name: str = attribute("@name")
    fields: tuple[ManualField, ...] = many("RecordInfo/Field", of=ManualField, default=())


@dataclass(slots=True)
class _Column:
    """A field of the output: what each input has for it."""

    name: str
    fields: dict[str, Field]

    @property
    def type(self) -> FieldType:
        return common([field.type for field in self.fields.values()])


@tool("AlteryxBasePluginsGui.Union.Union", inputs=(Input(many=True),))
class Union(Tool):
    """Puts the records of several inputs one after the other: by the number of the connection, or in a given order.

    Fields become one by their names without regard to case, by their position, or as they were arranged by hand; they
    come in the order in which the inputs first have them. A field that an input does not have is null in its records,
    with a warning or an error where that is asked for, or is left out altogether. The type is the one that all values
    fit in: the widest number, text beside other types, the largest size.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("AutoResetMode", "it tells how the fields were arranged before they were by hand"),
        ignored("MultiMetaInfo/MetaInfo/RecordInfo/Field@type", "the records tell"),
        ignored("MultiMetaInfo/MetaInfo/RecordInfo/Field@size", "the records tell"),
        ignored("MultiMetaInfo/MetaInfo/RecordInfo/Field@source", "the records tell"),
    )

    mode: Mode = text("Mode", default=Mode.BY_NAME)
    error_mode: ErrorMode = text("ByName_ErrorMode", default=ErrorMode.WARNING)
    output_mode: OutputMode = text("ByName_OutputMode", default=OutputMode.ALL)
    has_order: bool = value("SetOutputOrder", default=False)
    order: tuple[str, ...] = many("OutputOrder/Connection", each="", default=())
    manual: tuple[ManualInput, ...] = many("MultiMetaInfo/MetaInfo", of=ManualInput, default=())

    def lower(self, inputs: Mapping[str, Relation]) -> Lowered:
        inputs = dict(sorted(inputs.items(), key=lambda each: _number(each[0])))
        columns = self._columns(inputs)
        messages = () if self._is_manual else self._told(inputs, columns)
        if self.output_mode is OutputMode.SUBSET and not self._is_manual:
            columns = [column for column in columns if len(column.fields) == len(inputs)]
        if not columns:
            raise WorkflowError("The inputs have no field in common")
        ordered = [name for name in self.order if name in inputs] if self.has_order else []
        names = dict.fromkeys([*ordered, *inputs])
        # The first table of a union gives its fields their notes.
        parts = [_part(inputs[name], name, columns) for name in names]
        return Lowered(outputs={"Output": union(parts)}, messages=messages)

    @property
    def _is_manual(self) -> bool:
        return self.mode in (Mode.MANUAL, Mode.MANUAL_DELAYED)

    def _columns(self, inputs: Mapping[str, Relation]) -> list[_Column]:
        if self._is_manual:
            return self._arranged(inputs)
        found: dict[object, _Column] = {}
        names = Names()
        for input_, records in inputs.items():
            for place, field in enumerate(records.schema):
                key = folded(field.name) if self.mode is Mode.BY_NAME else place
                if key not in found:
                    found[key] = _Column(names.new(field.name), {})
                found[key].fields[input_] = field
        return list(found.values())

    def _arranged(self, inputs: Mapping[str, Relation]) -> list[_Column]:
        by_input = {each.name: each for each in self.manual}
        found: dict[int, _Column] = {}
        for input_, records in inputs.items():
            if input_ not in by_input:
                raise WorkflowError(f"The fields of input {input_} were not arranged")
            for each in by_input[input_].fields:
                field = records.schema.find(each.name)
                if field is None:
                    raise WorkflowError(f'The field "{each.name}" is not present in input {input_}')
                found.setdefault(each.column, _Column(field.name, {})).fields[input_] = field
        columns = [found[number] for number in sorted(found)]
        names = Names()
        for column in columns:
            column.name = names.new(column.name)
        return columns

    def _told(self, inputs: Mapping[str, Relation], columns: Sequence[_Column]) -> tuple[Message, ...]:
        if self.error_mode is ErrorMode.IGNORE:
            return ()
        missing = [
            f'The field "{column.name}" is not present in input {input_}'
            for column in columns
            for input_ in inputs
            if input_ not in column.fields
        ]
        if missing and self.error_mode is ErrorMode.ERROR:
            raise WorkflowError(missing[0])
        return tuple(told(Kind.WARNING, each) for each in missing)


def _number(name: str) -> float:
    """The number of a connection; those that were given a name come behind."""
    return int(name[1:]) if name.startswith("#") and name[1:].isdecimal() else math.inf


def _part(records: Relation, input_: str, columns: Sequence[_Column]) -> Relation:
    """The records of one input with the fields of all."""
    picks = [
        Pick(field.name, column.name, column.type)
        for column in columns
        if (field := column.fields.get(input_)) is not None
    ]
    kept = records.select(picks) if picks else records
    absent = [
        Computed(column.name, literal(None, column.type), source=like.source, description=like.description)
        for column in columns
        if input_ not in column.fields
        for like in [next(iter(column.fields.values()))]
    ]
    return (kept.add_all(absent) if absent else kept).select([Pick(column.name, column.name) for column in columns])
