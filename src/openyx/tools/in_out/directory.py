"""Directory."""

from __future__ import annotations

from typing import ClassVar

from openyx.document.config import text, value
from openyx.errors import WorkflowError
from openyx.fields import BOOL, DATETIME, INT64, Field, FieldType, Schema
from openyx.relation import Relation, values
from openyx.tools.base import Approximate, Tool, tool
from openyx.tools.files import Entry, Lists, shown

_PATH = FieldType.of("V_WString", 32_767)
_NAME = FieldType.of("V_WString", 260)
_SHORT_NAME = FieldType.of("V_WString", 14)
_SOURCE = "Directory:"
_ATTRIBUTES = (
    "Archive",
    "Compressed",
    "Encrypted",
    "Hidden",
    "Normal",
    "Offline",
    "Readonly",
    "ReparsePoint",
    "SparseFile",
    "System",
    "Temporary",
)


@tool("AlteryxBasePluginsGui.Directory.Directory", inputs=())
class Directory(Tool):
    """Lists the files of a folder, one record each, in order of their names; the files of folders below come after.

    Paths have backslashes, the folder's ends with one. Times are those of the machine's clock.
    """

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "only Windows has short names and all attributes: elsewhere ShortFileName is null, and files are hidden "
            "(with a dot in front), read only or normal"
        ),
    )

    path: str = text("Directory", default="", convert=str.strip)
    pattern: str = text("FileSpec", default="")
    below: bool = value("IncludeSubDirs", default=False)

    def lists(self) -> Lists:
        if not self.path:
            raise WorkflowError("No folder is chosen")
        return Lists(path=self.path, pattern=self.pattern, below=self.below)

    def lower(self, files: tuple[Entry, ...]) -> Relation:
        columns: dict[str, tuple[FieldType, list[object]]] = {
            "FullPath": (_PATH, [shown(file.path) for file in files]),
            "Directory": (_PATH, [shown(file.path.parent).rstrip("\\") + "\\" for file in files]),
            "FileName": (_NAME, [file.path.name for file in files]),
            "ShortFileName": (_SHORT_NAME, [None] * len(files)),
            "CreationTime": (DATETIME, [file.created for file in files]),
            "LastAccessTime": (DATETIME, [file.accessed for file in files]),
            "LastWriteTime": (DATETIME, [file.written for file in files]),
            "Size": (INT64, [file.size for file in files]),
        }
        for name in _ATTRIBUTES:
            columns[f"Attribute{name}"] = BOOL, [name in file.attributes for file in files]
        schema = Schema(tuple(Field(name, type_, _SOURCE) for name, (type_, _) in columns.items()))
        return values(schema, {name: found for name, (_, found) in columns.items()})
