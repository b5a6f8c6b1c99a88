"""Delimited text: any file whose records are lines and whose fields stand between delimiters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from openyx.formats.codepages import CodePage, Latin1
from openyx.formats.options import Element, Options, flag, whole
from openyx.formats.shelf import Format, Reader, Warn, Writer

if TYPE_CHECKING:
    from openyx.fields import Schema

FIELD_LENGTH = 254


class Quotes(StrEnum):
    """Inside which quotes a delimiter does not split."""

    DOUBLE = '"'
    SINGLE = "'"
    NONE = ""


class Force(StrEnum):
    """Which values are written in quotes: those that need it, all that are not null, or none."""

    NEEDED = "needed"
    ALWAYS = "always"
    NEVER = "never"


def _delimiter(text: str) -> str:
    r"""One character, or nothing where a line is one field (``\0``, ``\n`` and an empty element)."""
    if text in ("", "\\0", "\\n", "\0", "\n"):
        return ""
    return "\t" if text == "\\t" else text


def _written_delimiter(text: str) -> str:
    r"""One character, or nothing for ``\0``: fields side by side cannot be told apart again, that must be meant."""
    if _delimiter(text) or text == "\\0":
        return _delimiter(text)
    raise ValueError(rf"{text!r} is no delimiter to write; \0 writes the fields side by side")


def _quotes(text: str) -> Quotes:
    """``True`` is taken for double quotes: what it means to the product is not known."""
    known = {
        "doublequotes": Quotes.DOUBLE,
        "true": Quotes.DOUBLE,
        "singlequotes": Quotes.SINGLE,
        "none": Quotes.NONE,
        "false": Quotes.NONE,
    }
    if text.strip().lower() not in known:
        raise ValueError(f"{text!r} is no kind of quotes")
    return known[text.strip().lower()]


def _force(text: str) -> Force:
    if text.strip().lower() == "never":
        return Force.NEVER
    return Force.ALWAYS if flag(text) else Force.NEEDED


def _line_end(text: str) -> str:
    ends = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
    if text.strip().lower() not in ends:
        raise ValueError(f"{text!r} is none of CRLF, LF and CR")
    return ends[text.strip().lower()]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvInput(Options):
    """How delimited text is read; each field's element is named beside it.

    ``delimiter`` is empty where a line is one field; of a longer one the first character counts, with a warning.
    ``quoted_breaks``: a line break inside quotes belongs to the value. ``lenient``: a record with too few or too many
    fields is a warning, not an error. ``first_line`` (from 1) is the line where reading starts. ``field_length`` is the
    size of every field in code units; ``capped`` says whether it is cut to 16,777,216, as versions since 2018 do.
    """

    header: Annotated[bool, Element("HeaderRow", flag)] = True
    delimiter: Annotated[str, Element("Delimeter", _delimiter)] = ","
    quotes: Annotated[Quotes, Element("IgnoreQuotes", _quotes)] = Quotes.DOUBLE
    quoted_breaks: Annotated[bool, Element("QuoteRecordBreak", flag)] = False
    lenient: Annotated[bool, Element("IgnoreErrors", flag)] = False
    field_length: Annotated[int, Element("FieldLen", whole)] = FIELD_LENGTH
    code_page: Annotated[CodePage, Element("CodePage", CodePage.of)] = Latin1
    first_line: Annotated[int, Element("ImportLine", whole)] = 1
    capped: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvOutput(Options):
    """How delimited text is written; each field's element is named beside it.

    Without a ``delimiter`` values stand side by side, unquoted. ``mark`` writes a byte order mark in Unicode pages.
    ``skip_empty``: no record, no file.
    """

    header: Annotated[bool, Element("HeaderRow", flag)] = True
    delimiter: Annotated[str, Element("Delimeter", _written_delimiter)] = ","
    code_page: Annotated[CodePage, Element("CodePage", CodePage.of)] = Latin1
    mark: Annotated[bool, Element("WriteBOM", flag)] = True
    line_end: Annotated[str, Element("LineEndStyle", _line_end)] = "\r\n"
    force_quotes: Annotated[Force, Element("ForceQuotes", _force)] = Force.NEEDED
    skip_empty: Annotated[bool, Element("SuppressBlankFile", flag)] = False


def _open(path: Path, options: CsvInput, warn: Warn) -> Reader:
    from openyx.formats.delimited.reader import CsvReader

    return CsvReader(path, options, warn)


def _create(path: Path, schema: Schema, options: CsvOutput, warn: Warn) -> Writer:
    from openyx.formats.delimited.writer import CsvWriter

    return CsvWriter(path, schema, options, warn)


FORMAT = Format(
    name="delimited text",
    codes=(0,),
    endings=("csv", "txt", "tsv"),
    input=CsvInput,
    output=CsvOutput,
    open=_open,
    create=_create,
)
