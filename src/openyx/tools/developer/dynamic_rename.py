"""Dynamic Rename."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, block, formula, ignored, many, nested, text
from openyx.errors import WorkflowError
from openyx.fields import V_WSTRING, Field, Schema, folded
from openyx.formats.names import LONGEST, another
from openyx.messages import Kind, Message
from openyx.relation import Pick, Relation, values
from openyx.tools.base import Approximate, Context, Input, Lowered, Tool, field_of, told, tool
from openyx.tools.shared.chosen import ChosenField, chosen
from openyx.tools.shared.metadata import evaluated

_NEW = "New"


class Mode(StrEnum):
    """Where the new names come from."""

    FORMULA = "Formula"
    FIRST_ROW = "FirstRow"
    ROWS = "RightInputRows"
    METADATA = "RightInputMetadata"
    DESCRIPTIONS = "RightDescriptionRows"
    ADD = "Add"
    REMOVE = "Remove"


_MODES = frozenset[str](Mode)


class OnError(StrEnum):
    """What becomes of a name that is missing."""

    WARN = "Warn"
    IGNORE = "Ignore"
    ERROR = "Error"


class Matching(StrEnum):
    """How records of the right input find their field: by its name, or one after the other."""

    MAPPED = "Mapped"
    POSITIONAL = "Positional"


class Affix(StrEnum):
    """An end of a name."""

    PREFIX = "Prefix"
    SUFFIX = "Suffix"


@block
class Names:
    """Names, or descriptions, that are read from somewhere."""

    on_error: OnError = text("OnError", default=OnError.WARN)
    matching: Matching = text("InputMode", default=Matching.POSITIONAL)
    old: str = text("OldName", default="")
    new: str = text("NewName", default="")
    changes_types: bool = text("ChangeFields", default=False)


@block
class Ending:
    """What is put to a name, or taken from it."""

    on_error: OnError = text("OnError", default=OnError.WARN)
    at: Affix = text("Type", default=Affix.PREFIX)
    text: str = text("Text", default="")


@dataclass(slots=True)
class _Told:
    """What was strange about the names; an error where that is asked for."""

    on_error: OnError
    messages: list[Message] = field(default_factory=list[Message])

    def __call__(self, said: str) -> None:
        if self.on_error is OnError.ERROR:
            raise WorkflowError(said)
        if self.on_error is OnError.WARN:
            self.messages.append(told(Kind.WARNING, said))


@tool(
    "AlteryxBasePluginsGui.DynamicRename.DynamicRename",
    inputs=("Targets", Input("Source", optional=True)),
)
class DynamicRename(Tool):
    """Renames the selected fields: by a formula over ``[_CurrentField_]``, by the first record (which is taken away),
    by records or field names of the right input, or by an ending that is put on or taken off. Records of the right
    input may give descriptions instead.

    A field whose new name is empty is called ``Field_n``, n being one more than there are fields. A name that another
    field has counts on: ``Sales2``. Fields that are not selected keep their names.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("Fields@orderChanged", "fields stay in their order"),)
    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "which names count as missing, and the wording of the warning, are not known",
            when=lambda tool: tool.mode not in (Mode.FORMULA, Mode.ADD),
        ),
    )

    mode: str = text("RenameMode")
    fields: tuple[ChosenField, ...] = many("Fields/Field", of=ChosenField, required=True)
    expression: str = formula("Expression", default="")
    first_row: Names = nested("FirstRow", of=Names, default=Names())
    rows: Names = nested("NamesFromRows", of=Names, default=Names())
    metadata: Names = nested("NamesFromMetadata", of=Names, default=Names())
    descriptions: Names = nested("DescFromRows", of=Names, default=Names())
    added: Ending = nested("AddPrefixSuffix", of=Ending, default=Ending())
    removed: Ending = nested("RemovePrefixSuffix", of=Ending, default=Ending())

    def formulas(self) -> Iterable[str]:
        return filter(None, (self.expression if self.mode == Mode.FORMULA else "",))

    def lacks(self) -> Iterable[str]:
        if self.mode not in _MODES:
            yield f"the rename mode {self.mode} in Dynamic Rename"
        if self.mode == Mode.METADATA and self.metadata.changes_types:
            yield "types from the right input in Dynamic Rename"

    def lower(self, records: Relation, source: Relation | None, *, context: Context) -> Lowered:
        assert not any(self.lacks())
        ticked = chosen(records.schema, self.fields, others=True)
        names = [field.name for field in ticked]
        said = _Told(self._on_error())
        wanted: Mapping[str, str | None]
        match Mode(self.mode):
            case Mode.FIRST_ROW:
                records = context.held(records)
                wanted = _first_record(records.select(names), context, said)
                records = records.limit(None, skip=1)
            case Mode.FORMULA:
                wanted, faults = self._computed(ticked, context)
                said.messages.extend(faults)
            case Mode.ADD:
                wanted = {name: _put(name, self.added) for name in names}
            case Mode.REMOVE:
                wanted = {name: _taken_off(name, self.removed, said) for name in names}
            case Mode.METADATA:
                wanted = _in_order(names, _there(source).schema.names, said)
            case Mode.ROWS:
                wanted = _from_rows(names, _there(source), self.rows, context, said)
            case Mode.DESCRIPTIONS:
                found = _from_rows(names, _there(source), self.descriptions, context, said)
                picks = [Pick(name, description=found.get(name)) for name in records.schema.names]
                return Lowered(outputs={"Output": records.select(picks)}, messages=tuple(said.messages))
        picks = _renamed(records.schema, wanted, said)
        return Lowered(outputs={"Output": records.select(picks)}, messages=tuple(said.messages))

    def _on_error(self) -> OnError:
        asked: Mapping[str, Names | Ending] = {
            Mode.FIRST_ROW: self.first_row,
            Mode.ROWS: self.rows,
            Mode.METADATA: self.metadata,
            Mode.DESCRIPTIONS: self.descriptions,
            Mode.REMOVE: self.removed,
        }
        return asked[self.mode].on_error if self.mode in asked else OnError.WARN

    def _computed(self, fields: Sequence[Field], context: Context) -> tuple[Mapping[str, str | None], list[Message]]:
        """The formula's value for each field, and what went wrong in it: it sees names, not records."""
        columns = {
            "_CurrentField_": [each.name for each in fields],
            "_CurrentFieldName_": [each.name for each in fields],
            "_CurrentFieldType_": [each.type.kind.value for each in fields],
        }
        listed = values(Schema(tuple(Field(name, V_WSTRING) for name in columns)), columns)
        new, faults = evaluated(listed, context.value(self.expression, listed, target=V_WSTRING))
        return dict(zip(columns["_CurrentField_"], new, strict=True)), faults


def _there(source: Relation | None) -> Relation:
    if source is None:
        raise WorkflowError("The Source input must be connected")
    return source


def _first_record(records: Relation, context: Context, said: _Told) -> dict[str, str | None]:
    try:
        found = context.look(records.limit(1).as_text()).rows()
    except TypeError as error:
        raise WorkflowError(str(error)) from error
    if not found:
        said("There is no first record to take the names from")
        return {}
    return dict(zip(records.schema.names, found[0], strict=True))


def _from_rows(
    chosen: Sequence[str], source: Relation, names: Names, context: Context, said: _Told
) -> dict[str, str | None]:
    wanted = [names.new] if names.matching is Matching.POSITIONAL else [names.old, names.new]
    for name in wanted:
        field_of(source, name)
    if names.matching is Matching.POSITIONAL:
        found = context.look(context.held(source).limit(len(chosen) + 1).select([Pick(names.new, _NEW)]).as_text())
        return _in_order(chosen, found.column(_NEW), said)
    picks = [Pick(names.old, "Old"), Pick(names.new, _NEW)]
    given: dict[str, str | None] = {}
    for old, new in context.look(context.held(source).select(picks).as_text()).rows():
        given.setdefault(folded(old or ""), new)
    for name in chosen:
        if folded(name) not in given:
            said(f'No record has a new name for the field "{name}"')
    return {name: given[folded(name)] for name in chosen if folded(name) in given}


def _in_order(chosen: Sequence[str], given: Sequence[str | None], said: _Told) -> dict[str, str | None]:
    if len(chosen) != len(given):
        several = "more" if len(given) > len(chosen) else "fewer"
        said(f"There are {several} names than the {len(chosen)} fields to be renamed")
    return dict(zip(chosen, given, strict=False))


def _put(name: str, ending: Ending) -> str:
    return ending.text + name if ending.at is Affix.PREFIX else name + ending.text


def _taken_off(name: str, ending: Ending, said: _Told) -> str:
    is_prefix = ending.at is Affix.PREFIX
    short = name.removeprefix(ending.text) if is_prefix else name.removesuffix(ending.text)
    if short == name:
        said(f'The field "{name}" has no {ending.at.lower()} "{ending.text}"')
    return short


def _renamed(schema: Schema, wanted: Mapping[str, str | None], said: _Told) -> list[Pick]:
    """The fields under their new names; those that keep their names have the older right to them."""
    taken = {folded(name) for name in schema.names if name not in wanted}
    picks: list[Pick] = []
    for name in schema.names:
        new = name
        if name in wanted:
            if not wanted[name]:
                said(f'The new name of the field "{name}" is empty')
            new = (wanted[name] or f"Field_{len(schema) + 1}")[:LONGEST]
            new = another(new, taken) if folded(new) in taken else new
            taken.add(folded(new))
        picks.append(Pick(name, new))
    return picks
