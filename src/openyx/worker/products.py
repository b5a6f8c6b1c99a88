"""What a run made, as files: those it wrote as they are, the tables it showed as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec

from openyx.engine import Output
from openyx.fields import Kind, Schema
from openyx.formats.codepages import Utf8
from openyx.formats.csv import FORMAT, CsvOutput
from openyx.messages import Kind as Said
from openyx.messages import Message
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


def told_apart(products: Sequence[Product], say: Callable[[Message], None]) -> Iterator[Product]:
    """The products, no two of one name: files of several folders may have one. What is called otherwise is said."""
    own, taken = {each.name.casefold() for each in products}, set[str]()
    for each in products:
        name = each.name if each.name.casefold() not in taken else _numbered(each.name, own | taken)
        taken.add(name.casefold())
        if name != each.name:
            written = each.path if each.kind == "file" else each.name
            say(Message(kind=Said.INFO, text=f'"{written}" is the output "{name}"', tool=each.tool))
        yield msgspec.structs.replace(each, name=name)


def _numbered(name: str, taken: set[str]) -> str:
    path = Path(name)
    names = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
    return next(each for each in names if each.casefold() not in taken)


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
