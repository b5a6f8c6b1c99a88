"""Reading a data file as a table, for people and scripts."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.errors import AskedWrongly, BadAnswer, MissingExtra, WorkflowError
from openyx.fields import LARGEST_WIDE, Schema
from openyx.formats.codepages import Latin1, Utf8
from openyx.formats.csv import FORMAT, CsvInput
from openyx.formats.shelf import find
from openyx.formats.table import Table

if TYPE_CHECKING:
    import polars as pl


def read(source: str | PathLike[str] | bytes, format: str = "", schema: Schema | None = None) -> Table:  # noqa: A002 - the API's own word
    """A data file, or its bytes, as a table.

    *format* is an ending such as ``csv`` (else that of the path; of bytes, CSV). Delimited text carries no types: all
    fields are text, ``"0012"`` stays ``"0012"``, unless *schema* tells the types of some or all fields by name. CSV is
    taken as UTF-8 when it is that, else as Latin-1.

    >>> read(b"id,name\\n0012,Ada\\n").rows()
    [('0012', 'Ada')]

    Raises ``MissingExtra`` without the extra ``[engine]``, ``NotYet`` for a format that is not supported yet,
    ``AskedWrongly`` for a file that is not there, ``BadAnswer`` for one that is not of its format or has a value that
    does not fit *schema*.
    """
    ending = format.lower().lstrip(".")
    content = source if isinstance(source, bytes) else _content(Path(source))
    path = Path("data" if isinstance(source, bytes) else source)
    kind = find(path.with_suffix(f".{ending}") if ending else path, reading=False) if ending or path.suffix else None
    if kind is not None and kind.format is not FORMAT:
        raise AskedWrongly(f"{kind.format.name} cannot be read as a table")
    table = _delimited(content, delimiter="\t" if "tsv" in (ending, path.suffix.lower()[1:]) else ",")
    return table if schema is None else _typed(table, schema)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AskedWrongly(f'"{path}" cannot be read: {error.strerror}') from error


def _delimited(content: bytes, *, delimiter: str) -> Table:
    try:
        from openyx.formats.delimited.reader import CsvReader
    except ImportError as error:
        raise MissingExtra("reading a table", "engine") from error
    options = CsvInput(
        delimiter=delimiter,
        quoted_breaks=True,
        field_length=LARGEST_WIDE,
        capped=False,
        code_page=Utf8 if _is_utf8(content) else Latin1,
    )
    try:
        reader = CsvReader(content, options, lambda _: None)
        return Table(reader.schema, reader.frame().collect())
    except WorkflowError as error:
        raise BadAnswer(error.message) from error


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _typed(table: Table, schema: Schema) -> Table:
    from openyx.formats.delimited.typed import typed

    fields = tuple(schema.find(field.name) or field for field in table.schema)
    frame: pl.DataFrame = table.frame
    for field in fields:
        if field.name in schema:
            frame = typed(frame, field)
    return Table(Schema(fields), frame)
