"""Blob Convert."""

from __future__ import annotations

from collections.abc import Iterable

from openyx.document.config import text, value
from openyx.errors import WorkflowError
from openyx.fields import Kind
from openyx.relation import Relation
from openyx.relation.kernels.blobs import DIGEST, digest, encoded
from openyx.tools.base import Tool, field_of, tool

_CODECS = {"UTF8": "utf-8", "UTF16": "utf-16-le"}


@tool("AlteryxBasePluginsGui.BlobConvert.BlobConvert")
class BlobConvert(Tool):
    """Makes bytes of a text, or tells bytes apart by their MD5: 32 hexadecimal digits in a String.

    The field keeps its name and place. A null stays null.
    """

    to_blob: bool = value("ToBlob", default=False)
    to_field: str = text("to_Field", default="")
    to_mode: str = text("to_Mode", default="Text")
    code_page: str = text("to_textCodePage", default="UTF16")
    from_field: str = text("from_Field", default="")
    from_mode: str = text("from_Mode", default="")

    def lacks(self) -> Iterable[str]:
        if self.to_blob and (self.to_mode != "Text" or self.code_page not in _CODECS):
            yield f"bytes from {self.to_mode} ({self.code_page}) in Blob Convert"
        if not self.to_blob and self.from_mode != "MD5":
            yield f"{self.from_mode or 'no mode'} of bytes in Blob Convert"

    def lower(self, records: Relation) -> Relation:
        assert not any(self.lacks())
        return self._bytes(records) if self.to_blob else self._told_apart(records)

    def _bytes(self, records: Relation) -> Relation:
        words = field_of(records, self.to_field)
        if not words.type.is_text:
            raise WorkflowError(f'The field "{self.to_field}" is no text')
        return records.add(self.to_field, encoded(words, _CODECS[self.code_page]))

    def _told_apart(self, records: Relation) -> Relation:
        found = field_of(records, self.from_field)
        if found.type.kind is not Kind.BLOB and not found.type.is_text:
            raise WorkflowError(f'The field "{self.from_field}" holds no bytes')
        # Where a Transpose had no field to turn, its values are texts of which there is none.
        return records.add(
            self.from_field, digest(found if found.type.kind is Kind.BLOB else encoded(found, "utf-16-le")), DIGEST
        )
