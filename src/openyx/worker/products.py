"""What a run made, as files: those it wrote as they are, the tables it showed as CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from openyx.engine import Output
from openyx.fields import Kind, Schema
from openyx.formats.codepages import Utf8
from openyx.formats.csv import FORMAT, CsvOutput
from openyx.relation import scan
from openyx.relation.run import Write, run
from openyx.relation.table import Table
from openyx.worker.protocol import Product

RAW = "Raw"
_WORDS = {
    ".yxdb": "Yxdb",
    ".csv": "Csv",
    ".xlsx": "Xlsx",
    ".pdf": "Pdf",
    ".docx": "Docx",
    ".html": "Html",
    ".kml": "Kml",
    ".tab": "Tab",
    ".mif": "Mif",
    ".dbf": "Dbf",
    ".shp": "Shp",
    ".tde": "Tde",
    ".zip": "Zip",
}
"""What the API calls the formats of files, by their endings."""


def formats(name: str) -> tuple[str, ...]:
    """In which of the API's formats a file of that name can be fetched: as it is, and by its own name.

    >>> formats("sales.CSV")
    ('Raw', 'Csv')
    """
    word = _WORDS.get(Path(name).suffix.lower())
    return (RAW, word) if word else (RAW,)


def product(output: Output, folder: Path, warn: Callable[[str], None]) -> Product:
    """An output as a file; a table is written into this folder, beside all others. What is not in the file is told."""
    path, name = output.path, output.name
    if output.table is not None:
        path, name = Path(mkdtemp(dir=folder)) / f"browse-{output.tool}.csv", f"{output.name}.csv"
        write_csv(output.table, path, warn)
        if len(output.table) < output.records:
            warn(f"{name} holds the first {len(output.table):,} of {output.records:,} records")
    return Product(
        path=str(path),
        name=name,
        formats=formats(name),
        records=output.records,
        kind="file" if output.table is None else "browse",
        tool=output.tool,
    )


def write_csv(table: Table, path: Path, warn: Callable[[str], None]) -> None:
    """The kept records of a table as UTF-8 with a header; fields that have no text are left out and named."""
    shown = [field.name for field in table.schema if field.type.kind is not Kind.BLOB]
    if left_out := [name for name in table.schema.names if name not in shown]:
        warn(f"CSV has no place for binary fields, left out of {path.name}: {', '.join(left_out)}")
    records = scan(_Kept(table)).select(shown).as_text()
    options = CsvOutput(code_page=Utf8, mark=False)
    run([Write(records, FORMAT.create(path, records.schema, options, warn))], count=False)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A kept table as a source of records."""

    table: Table
    fits: bool = True
    narrow: bool = False

    @property
    def schema(self) -> Schema:
        return self.table.schema

    def frame(self) -> Any:
        return self.table.frame.lazy()
