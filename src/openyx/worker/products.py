"""What a run made, as files: those it wrote as they are, the tables it showed as CSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openyx.engine import Output
from openyx.formats.codepages import Utf8
from openyx.formats.csv import FORMAT, CsvOutput
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
    """An output as a file; a table is written into this folder."""
    if output.table is None:
        path = output.path
        name = output.name
    else:
        name = f"{output.name}.csv"
        path = folder / f"browse-{output.tool}.csv"
        writer = FORMAT.create(path, output.table.schema, CsvOutput(code_page=Utf8, mark=False), warn)
        writer.write(output.table.frame)
        writer.close()
    return Product(
        path=str(path),
        name=name,
        formats=formats(name),
        records=output.records,
        kind="file" if output.table is None else "browse",
        tool=output.tool,
    )
