"""Writes delimited text, beside its place; the file appears when it is complete."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import polars as pl

from openyx.errors import WorkflowError
from openyx.fields import Schema
from openyx.formats.beside import begin, beside
from openyx.formats.csv import CsvOutput, Force
from openyx.formats.shelf import Warn


class CsvWriter:
    """A file of delimited text that is being written.

    Takes frames of text only: how a number is shown is not decided here. Raises ``WorkflowError`` naming the file when
    it cannot be written; folders are not created.
    """

    def __init__(self, path: Path, schema: Schema, options: CsvOutput, warn: Warn) -> None:
        self._path = path
        self._beside = beside(path)
        self._names = schema.names
        self._options = options
        self._warn = warn
        self._delimiter = options.delimiter[:1]
        self._begun = False
        self._whole = False
        self._replaced = 0

    def write(self, batch: pl.DataFrame) -> None:
        """Append records. Raises ``TypeError`` for a column that is no text."""
        odd = next((name for name, dtype in batch.schema.items() if dtype != pl.String()), None)
        if odd is not None:
            raise TypeError(f"column {odd!r} is no text")
        if batch.height:
            lines = batch.select(pl.concat_str(self._shown(pl.all()), separator=self._delimiter).alias("line"))
            if not self._begun:
                self._begin()
            self._append(self._encoded(self._ended(lines.to_series().to_list())))

    def finish(self) -> None:
        """Make the file whole, beside its place, and on disk."""
        if self._whole:
            return
        if not self._begun and not self._options.skip_empty:
            self._begin()
        if self._begun:
            with self._beside.open("ab") as file:
                os.fsync(file.fileno())
        self._whole = True

    def close(self) -> bool:
        """Put the file in its place; whether there is one."""
        self.finish()
        if not self._begun:
            return False
        self._beside.replace(self._path)
        if self._replaced:
            page = self._options.code_page.codec
            self._warn(f'{self._replaced} characters are not in the code page {page} and were replaced: "{self._path}"')
        return True

    def abort(self) -> None:
        """Remove what was written."""
        if self._begun:
            self._beside.unlink(missing_ok=True)

    def _begin(self) -> None:
        try:
            begin(self._beside)
        except OSError as error:
            raise WorkflowError(f'Unable to open file for write: "{self._path}": {error.strerror}') from error
        self._begun = True
        if self._options.mark:
            self._append(self._options.code_page.mark)
        if self._options.header:
            names = pl.DataFrame({"name": self._names}).select(self._shown(pl.col("name"))).to_series()
            self._append(self._encoded(self._ended([self._delimiter.join(names.to_list())])))

    def _append(self, content: bytes) -> None:
        # Not kept open in between: an output of one file per value may have more of them than a process may open.
        try:
            with self._beside.open("ab") as file:
                file.write(content)
        except OSError as error:
            raise WorkflowError(f'Unable to write "{self._path}": {error.strerror}') from error

    def _ended(self, lines: list[str]) -> str:
        end = self._options.line_end
        return end.join(lines) + end

    def _shown(self, value: pl.Expr) -> pl.Expr:
        if self._options.force_quotes is Force.NEVER or not self._delimiter:
            return value.fill_null("")
        quoted = pl.lit('"') + value.str.replace_all('"', '""', literal=True) + pl.lit('"')
        if self._options.force_quotes is Force.ALWAYS:
            return quoted.fill_null("")
        return pl.when(_needs_quotes(value, self._delimiter)).then(quoted).otherwise(value).fill_null("")

    def _encoded(self, text: str) -> bytes:
        codec = self._options.code_page.codec
        try:
            return text.encode(codec)
        except UnicodeEncodeError:
            known = {character: _nearest(character, codec) for character in set(text)}
            changed = {ord(character): near for character, near in known.items() if near != character}
            self._replaced += sum(text.count(chr(character)) for character in changed)
            return text.translate(changed).encode(codec)


def _needs_quotes(value: pl.Expr, delimiter: str) -> pl.Expr:
    """Delimiter, quote or line break within, or empty; an apostrophe too (weak evidence: 4 values in one file)."""
    return (value == "") | value.str.contains(f"[{re.escape(delimiter)}\"'\r\n]")


def _nearest(character: str, codec: str) -> str:
    """The character, else the one without its marks, else a question mark: as far as the code page has it."""
    for near in (character, unicodedata.normalize("NFKD", character)[0]):
        try:
            near.encode(codec)
        except UnicodeEncodeError:
            continue
        return near
    return "?"
