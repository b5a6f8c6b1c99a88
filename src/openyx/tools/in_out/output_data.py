"""Output Data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from openyx.document.config import Ignored, attribute, ignored, text, texts, value
from openyx.relation import Relation
from openyx.tools.base import Approximate, Lowered, Tool, field_of, tool
from openyx.tools.files import Naming, Parted, Writes, format_code, on_disk

if TYPE_CHECKING:
    from openyx.formats.shelf import Format


@tool("AlteryxBasePluginsGui.DbFileOutput.DbFileOutput", outputs=())
class OutputData(Tool):
    """Writes the records to a file, which is there when the run has ended well; or to one for each value of a field.

    The value may be the path, the file's name, or stand before or behind it. With a largest number of records the next
    ones go to ``name_1.csv``, ``name_2.csv``, …
    """

    ignores: ClassVar[tuple[Ignored, ...]] = (
        ignored("Passwords", "they are encrypted for another machine"),
        ignored("CachedCosmeticName", "how the designer calls the connection"),
        ignored("File@FilePath", "other programs' second spelling of the path"),
        ignored("WriteMode", "other programs' word for overwriting, which is what happens"),
    )

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate("how the product numbers the files is not known", when=lambda output: output.most_records > 0),
    )

    path: str = text("File", "File@FilePath", "File@OutputFileName", default="")
    code: int | None = attribute("File@FileFormat", "FileFormat", default=None, convert=format_code)
    inner_code: int | None = attribute("FormatSpecificOptions@Format", default=None)
    managed: bool = attribute("FormatSpecificOptions@UseDcm", default=False)
    most_records: int = attribute("File@MaxRecords", "FormatSpecificOptions@MaxRecords", default=0)
    one_per_value: bool = value("MultiFile", default=False)
    naming: Naming = text("MultiFileType", default=Naming.PATH)
    parting_field: str = text("MultiFileField", default="")
    keeps_field: bool = value("KeepField", default=False)
    disabled: bool = text("Disable", default=False)
    options: dict[str, str] = texts("FormatSpecificOptions")

    def lacks(self) -> Iterable[str]:
        if self.one_per_value and self.most_records > 0 and not self.disabled:
            yield "a largest number of records per file, beside a file per value, in Output Data"

    def writes(self) -> Writes | None:
        if self.disabled:
            return None
        parted = self._parted()
        path = self.path.strip() if parted and parted.naming is Naming.PATH else on_disk(self.path)
        code = self.inner_code if self.code is None and self.managed else self.code
        return Writes(path=path, code=code, options=self.options, parted=parted, most=max(self.most_records, 0))

    def unread_options(self, found: Format) -> tuple[str, ...]:
        known = {element.name for element in found.output.elements().values()}
        return tuple(f"FormatSpecificOptions/{name}" for name in self.options if name not in known)

    def lower(self, records: Relation) -> Lowered:
        assert not any(self.lacks())
        if self.one_per_value:
            field_of(records, self.parting_field)
        return Lowered(written=records)

    def _parted(self) -> Parted | None:
        if not self.one_per_value:
            return None
        return Parted(field=self.parting_field, naming=self.naming, keeps=self.keeps_field)
