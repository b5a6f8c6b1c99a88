"""One output tool that writes several files: one for each value of a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openyx.errors import Missing, WorkflowError
from openyx.formats.shelf import Writer

_KEY = "\0key"


@dataclass(slots=True)
class Part:
    """One of the files."""

    path: Path
    writer: Writer
    records: int = 0


@dataclass(slots=True, kw_only=True)
class PartedWriter:
    """Hands each record to the writer of its value of ``by``; files come in order of their first record.

    ``locate`` gives the path for a value, ``create`` the writer of a path. Raises ``WorkflowError`` for a record whose
    value is null or empty, and for two values that lead to one file.
    """

    by: str
    keeps: bool
    locate: Callable[[str], Path]
    create: Callable[[Path], Writer]
    parts: dict[str, Part] = field(default_factory=dict[str, Part])
    _records: int = 0
    _values: dict[Path, str] = field(default_factory=dict[Path, str])

    def write(self, batch: Any) -> None:
        """Write the next records."""
        written = [batch.get_column(name) for name in batch.columns if self.keeps or name != self.by]
        # Under a name of its own: the data engine takes some fields' names for patterns.
        keyed = type(batch)([*written, batch.get_column(self.by).alias(_KEY)])
        for (value,), records in keyed.partition_by(_KEY, maintain_order=True, as_dict=True, include_key=False).items():
            try:
                part = self._part(value)
            except Missing:
                raise
            except WorkflowError as error:
                raise self._placed(error, keyed.get_column(_KEY).index_of(value)) from error
            part.writer.write(records)
            part.records += records.height
        self._records += batch.height

    def finish(self) -> None:
        """Make all files whole."""
        for part in self.parts.values():
            part.writer.finish()

    def close(self) -> bool:
        """Put all files in their places; whether there are any."""
        for part in self.parts.values():
            part.writer.close()
        return bool(self.parts)

    def abort(self) -> None:
        """Leave nothing behind."""
        for part in self.parts.values():
            part.writer.abort()

    def files(self) -> list[tuple[Path, int]]:
        """The files, with their numbers of records."""
        return [(part.path, part.records) for part in self.parts.values()]

    def _placed(self, error: WorkflowError, place: int) -> WorkflowError:
        """The error with the record that it is about, the one at *place* of those that are written now."""
        said = f'Record {self._records + place + 1}, "{self.by}": {error.message}'
        return WorkflowError(said, tool=error.tool, hint=error.hint)

    def _part(self, value: str | None) -> Part:
        if not value:
            raise WorkflowError("a record without a value belongs to no file")
        if value not in self.parts:
            path = self.locate(value)
            other = self._values.setdefault(path, value)
            if other != value:
                raise WorkflowError(f'{other!r} and {value!r} both lead to the file "{path}"')
            self.parts[value] = Part(path, self.create(path))
        return self.parts[value]
