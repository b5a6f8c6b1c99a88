"""Reading a data file as a table, for people and scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.errors import AskedWrongly, BadAnswer, MissingExtra, WorkflowError
from openyx.fields import LARGEST_WIDE, Field, FieldType, Schema
from openyx.formats.codepages import Latin1, Utf8
from openyx.formats.csv import FORMAT, CsvInput
from openyx.formats.shelf import find
from openyx.formats.table import Table

if TYPE_CHECKING:
    import polars as pl


Types = Schema | Mapping[str, str]
"""The types of fields by name: ``{"Price": "Double", "Code": "V_String(10)", "Total": "FixedDecimal(19.2)"}``."""

_TYPE = re.compile(r"\s*(\w+)\s*(?:\(\s*(\d+)(?:\.(\d+))?\s*\)\s*)?")


def read(source: str | PathLike[str] | bytes, format: str = "", schema: Types | None = None) -> Table:  # noqa: A002 - the API's own word
    """A data file, or its bytes, as a table.

    *format* is an ending such as ``csv`` (else that of the path; of bytes, CSV). Delimited text carries no types: all
    fields are text, ``"0012"`` stays ``"0012"``, unless *schema* tells the types of some or all fields by name. CSV is
    taken as UTF-8 when it is that, else as Latin-1.

    >>> read(b"id,name\\n0012,Ada\\n").rows()
    [('0012', 'Ada')]
    >>> read(b"id,price\\n0012,1.50\\n", schema={"price": "Double"}).rows()
    [('0012', 1.5)]

    Raises ``MissingExtra`` without the extra ``[engine]``, ``NotYet`` for a format that is not supported yet,
    ``AskedWrongly`` for a file that is not there, for an unknown type, and for a field that the file does not have,
    ``BadAnswer`` for one that is not of its format or has a value that
    does not fit *schema*.
    """
    ending = format.lower().lstrip(".")
    content = source if isinstance(source, bytes) else _content(Path(source))
    path = Path("data" if isinstance(source, bytes) else source)
    kind = find(path.with_suffix(f".{ending}") if ending else path, reading=False) if ending or path.suffix else None
    if kind is not None and kind.format is not FORMAT:
        raise AskedWrongly(f"{kind.format.name} cannot be read as a table")
    table = _delimited(content, delimiter="\t" if "tsv" in (ending, path.suffix.lower()[1:]) else ",")
    return table if schema is None else _typed(table, _schema(schema))


def _schema(types: Types) -> Schema:
    return types if isinstance(types, Schema) else Schema.of(*(Field(name, _type(types[name])) for name in types))


def _type(text: str) -> FieldType:
    hint = (
        "types are Bool, Byte, Int16, Int32, Int64, Float, Double, FixedDecimal(19.2), Date, Time, DateTime, V_WString"
    )
    if not isinstance(text, str) or (found := _TYPE.fullmatch(text)) is None:
        raise AskedWrongly(f"{text!r} is no field type", hint=hint)
    name, size, scale = found.groups()
    try:
        return FieldType.of(name, int(size) if size else None, int(scale) if scale else None)
    except ValueError as error:
        raise AskedWrongly(str(error), hint=hint) from error


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

    if unknown := [name for name in schema.names if name not in table.schema]:
        raise AskedWrongly(f"there is no field {unknown[0]!r}", hint=f"there are {', '.join(table.schema.names)}")
    fields = tuple(schema.find(field.name) or field for field in table.schema)
    frame: pl.DataFrame = table.frame
    for field in fields:
        if field.name in schema:
            frame = typed(frame, field)
    return Table(Schema(fields), frame)
