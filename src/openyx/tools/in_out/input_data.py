"""Input Data."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from openyx.document.config import Ignored, attribute, ignored, text, texts
from openyx.fields import Field, FieldType, Schema, folded
from openyx.formats.names import another
from openyx.messages import Kind
from openyx.relation import Pick, Relation, union, values
from openyx.tools.base import Lowered, Tool, told, tool
from openyx.tools.files import Opened, Reads, format_code, on_disk, shown

if TYPE_CHECKING:
    from openyx.formats.shelf import Format

_WITHOUT_EFFECT = {"AllowShareWrite", "SingleThreadRead", "NoProgress"}
_NAME = "FileName"
_NAME_TYPE = FieldType.of("V_WString", 254)


class Shown(StrEnum):
    """What the field ``FileName`` holds."""

    NOTHING = ""
    NAME = "FileName"
    PATH = "Path"


@tool("AlteryxBasePluginsGui.DbFileInput.DbFileInput", inputs=())
class InputData(Tool):
    """Reads a file, or all files that a wildcard matches, in order of their names.

    Of several files the first one decides the fields; one with other fields is left out, with a warning. Other names,
    another order, and a type that is no text where the first one's is text, make other fields. A limit is for the
    records of all files together.

    The name of the file, or its path with backslashes, may be a field: the last one, called ``FileName``.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("Passwords", "they are encrypted for another machine"),
        ignored("CachedCosmeticName", "how the designer calls the connection"),
    )

    path: str = text("File", default="")
    code: int | None = attribute("File@FileFormat", "FileFormat", default=None, convert=format_code)
    inner_code: int | None = attribute("FormatSpecificOptions@Format", default=None)
    managed: bool = attribute("FormatSpecificOptions@UseDcm", default=False)
    limit: int = attribute("File@RecordLimit", "RecordLimit", default=0)
    below: bool = attribute("File@SearchSubDirs", "SearchSubDirs", default=False)
    shown: Shown = attribute("File@OutputFileName", default=Shown.NOTHING)
    options: dict[str, str] = texts("FormatSpecificOptions")

    def reads(self) -> Reads:
        code = self.inner_code if self.code is None and self.managed else self.code
        return Reads(path=on_disk(self.path), code=code, options=self.options, below=self.below)

    def unread_options(self, found: Format) -> tuple[str, ...]:
        known = {element.name for element in found.input.elements().values()} | _WITHOUT_EFFECT
        return tuple(f"FormatSpecificOptions/{name}" for name in self.options if name not in known)

    def lower(self, files: tuple[Opened, ...]) -> Lowered:
        first = files[0].records.schema
        fitting = [file for file in files if _alike(file.records.schema, first)]
        warnings = [
            told(
                Kind.WARNING,
                f'"{file.path}" has a different schema than the 1st file in the set and will be skipped',
            )
            for file in files
            if file not in fitting
        ]
        named = [self._named(file) for file in fitting]
        records = union([_as(each, named[0].schema) for each in named]) if len(named) > 1 else named[0]
        limited = records.limit(self.limit) if self.limit > 0 else records
        return Lowered(outputs={"Output": limited}, messages=tuple(warnings))

    def _named(self, file: Opened) -> Relation:
        if self.shown is Shown.NOTHING:
            return file.records
        said = file.path.name if self.shown is Shown.NAME else shown(file.path)
        taken = {folded(name) for name in file.records.schema.names}
        name = another(_NAME, taken) if folded(_NAME) in taken else _NAME
        column = Field(name, _NAME_TYPE, "File: FileName")
        return file.records.append(values(Schema.of(column), {name: [said]}))


def _as(records: Relation, first: Schema) -> Relation:
    """The records under the names of the first file."""
    same = zip(records.schema.names, first, strict=True)
    return records.select([Pick(own, field.name, field.type) for own, field in same])


def _alike(schema: Schema, first: Schema) -> bool:
    return len(schema) == len(first) and all(
        folded(one.name) == folded(other.name) and (one.type.kind is other.type.kind or _are_texts(one, other))
        for one, other in zip(schema, first, strict=True)
    )


def _are_texts(one: Field, other: Field) -> bool:
    return one.type.is_text and other.type.is_text
