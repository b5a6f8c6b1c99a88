"""Input Data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from openyx.document.config import Ignored, attribute, ignored, text, texts
from openyx.errors import NotHere, WorkflowError
from openyx.fields import Field, FieldType, Schema, folded, unique
from openyx.messages import Kind
from openyx.relation import Pick, Relation, union, values
from openyx.tools.base import Lowered, Tool, told, tool
from openyx.tools.files import Opened, Reads

if TYPE_CHECKING:
    from openyx.formats.shelf import Format

_CONNECTION = re.compile(r"(odbc|oci|odb|aka|snowbl|32bit|odbcmulti|oledb)\s*:", re.IGNORECASE)
_WITHOUT_EFFECT = {"AllowShareWrite", "SingleThreadRead", "NoProgress"}
_NAME_TYPE = FieldType.of("V_WString", 254)


class Shown(StrEnum):
    """What the field ``FileName`` holds."""

    NOTHING = ""
    NAME = "FileName"
    PATH = "Path"


@tool("AlteryxBasePluginsGui.DbFileInput.DbFileInput", inputs=())
class InputData(Tool):
    """Reads a file, or all files that a wildcard matches, in order of their names.

    Of several files the first one decides the fields; one with other fields is left out, with a warning.
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("Passwords", "they are encrypted for another machine"),
        ignored("CachedCosmeticName", "how the designer calls the connection"),
    )

    path: str = text("File", default="")
    code: int | None = attribute("File@FileFormat", "FileFormat", default=None)
    inner_code: int | None = attribute("FormatSpecificOptions@Format", default=None)
    managed: bool = attribute("FormatSpecificOptions@UseDcm", default=False)
    limit: int = attribute("File@RecordLimit", "RecordLimit", default=0)
    below: bool = attribute("File@SearchSubDirs", "SearchSubDirs", default=False)
    shown: Shown = attribute("File@OutputFileName", default=Shown.NOTHING)
    options: dict[str, str] = texts("FormatSpecificOptions")

    def reads(self) -> Reads:
        path = self.path.strip()
        if not path:
            raise WorkflowError("No file is chosen")
        if _CONNECTION.match(path):
            raise NotHere(f"the database connection {path.partition(':')[0]}:")
        code = self.inner_code if self.code is None and self.managed else self.code
        return Reads(path=path, code=code, options=self.options, below=self.below)

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
        said = file.path.name if self.shown is Shown.NAME else str(file.path)
        name = unique("FileName", file.records.schema.names)
        column = Field(name, _NAME_TYPE, "File: FileName")
        return file.records.append(values(Schema.of(column), {name: [said]}))


def _as(records: Relation, first: Schema) -> Relation:
    """The records under the names of the first file."""
    same = zip(records.schema.names, first, strict=True)
    return records.select([Pick(own, field.name, field.type) for own, field in same])


def _alike(schema: Schema, first: Schema) -> bool:
    return list(_names(schema)) == list(_names(first))


def _names(schema: Schema) -> Iterator[str]:
    return (folded(name) for name in schema.names)
