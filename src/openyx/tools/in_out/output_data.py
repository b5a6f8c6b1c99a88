"""Output Data."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from openyx.document.config import Ignored, attribute, ignored, text, texts, value
from openyx.errors import NotYet, WorkflowError
from openyx.relation import Relation
from openyx.tools.base import Lowered, Tool, Writes, tool

if TYPE_CHECKING:
    from openyx.formats.shelf import Format


@tool("AlteryxBasePluginsGui.DbFileOutput.DbFileOutput", outputs=())
class OutputData(Tool):
    """Writes the records to a file, which is there when the run has ended well."""

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("Passwords", "they are encrypted for another machine"),
        ignored("CachedCosmeticName", "how the designer calls the connection"),
        ignored("File@FilePath", "other programs' second spelling of the path"),
        ignored("WriteMode", "other programs' word for overwriting, which is what happens"),
        ignored("MultiFileType", "read where one file per value is asked for"),
        ignored("MultiFileField", "read where one file per value is asked for"),
        ignored("KeepField", "read where one file per value is asked for"),
    )

    path: str = text("File", "File@FilePath", default="")
    code: int | None = attribute("File@FileFormat", "FileFormat", default=None)
    inner_code: int | None = attribute("FormatSpecificOptions@Format", default=None)
    managed: bool = attribute("FormatSpecificOptions@UseDcm", default=False)
    most_records: int = attribute("File@MaxRecords", "FormatSpecificOptions@MaxRecords", default=0)
    one_per_value: bool = value("MultiFile", default=False)
    disabled: bool = text("Disable", default=False)
    options: dict[str, str] = texts("FormatSpecificOptions")

    def writes(self) -> Writes | None:
        if self.disabled:
            return None
        path = self.path.strip()
        if not path:
            raise WorkflowError("No file is chosen")
        if self.one_per_value:
            raise NotYet("one file per value of a field in Output Data")
        if self.most_records > 0:
            raise NotYet("a largest number of records per file in Output Data")
        code = self.inner_code if self.code is None and self.managed else self.code
        return Writes(path=path, code=code, options=self.options)

    def unread_options(self, found: Format) -> tuple[str, ...]:
        known = {element.name for element in found.output.elements().values()}
        return tuple(f"FormatSpecificOptions/{name}" for name in self.options if name not in known)

    def lower(self, records: Relation) -> Lowered:
        return Lowered(written=records)
