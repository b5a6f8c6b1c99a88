"""Record ID."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from openyx.document.config import attribute, field_type, text
from openyx.errors import WorkflowError
from openyx.fields import INT32, V_WSTRING, FieldType, unique
from openyx.formula import bracketed
from openyx.relation import Pick, Place, Relation
from openyx.tools.base import UNLIMITED_FROM, Context, Tool, tool

_PLACES = {"0": Place.FIRST, "first": Place.FIRST, "1": Place.LAST, "last": Place.LAST}
_SIZE = 6


def place(word: str) -> Place:
    """Where the number stands, in any of its spellings."""
    found = _PLACES.get(word.strip().lower())
    if found is None:
        raise ValueError(f"{word!r} is none of {', '.join(_PLACES)}")
    return found


_LARGEST = 2**62
"""As many records as anybody has can be counted from here within an Int64."""


@tool("AlteryxBasePluginsGui.RecordID.RecordID")
class RecordId(Tool):
    """Gives each record a number, counting up in the order in which the records arrive.

    As text the number is filled up with zeros to the size of the field. Where a field has the name already, the one
    further right gets a number behind its name: put first, the new field keeps its name and the old one becomes
    ``RecordID2``.
    """

    name: str = text("FieldName", default="RecordID")
    start: int = text("StartValue", default=1)
    type: FieldType = field_type("FieldType", default=INT32)
    type_size: int = attribute("FieldType@size", default=0)
    text_size: int = text("FieldSize", default=0)
    at: Place = text("Position", default=Place.FIRST, convert=place)

    def lacks(self) -> Iterable[str]:
        if self.type.is_text and self._text_size >= UNLIMITED_FROM:
            yield "a number as a text without a size in Record ID"

    def lower(self, records: Relation, *, context: Context) -> Relation:
        assert not any(self.lacks())
        if not self.name.strip():
            raise WorkflowError("The new field has no name")
        if not -_LARGEST <= self.start <= _LARGEST:
            raise WorkflowError(f"The first number is {self.start}: so large ones cannot be counted on")
        type_, number = self._type(), unique("Number", records.schema.names)
        numbered = records.number(number, start=self.start)
        if type_.is_text:
            padded = f'PadLeft(ToString({bracketed(number)}), {type_.size}, "0")'
            numbered = numbered.add(number, context.value(padded, numbered, target=V_WSTRING), V_WSTRING)
        source, names = f"RecordID: Starting Value={self.start}", records.schema.names
        if self.at is Place.LAST:
            return numbered.select([*names, Pick(number, unique(self.name, names), type_, source=source)])
        taken = records.schema.find(self.name)
        renamed = {taken.name: unique(taken.name, [self.name, *names])} if taken else {}
        others = [Pick(each, renamed.get(each)) for each in names]
        return numbered.select([Pick(number, self.name, type_, source=source), *others])

    @property
    def _text_size(self) -> int:
        return self.type_size or self.text_size or _SIZE

    def _type(self) -> FieldType:
        if self.type.is_text:
            return replace(self.type, size=self._text_size)
        if not self.type.is_number:
            raise WorkflowError(f"A record's number cannot be a {self.type}")
        return self.type
