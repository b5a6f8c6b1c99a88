"""One output tool that writes several files: a new one whenever the last is full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openyx.engine.parted import Part
from openyx.formats.shelf import Writer


@dataclass(slots=True, kw_only=True)
class PortionedWriter:
    """Writes at most ``most`` records to a file: to ``name.csv``, then to ``name_1.csv``, ``name_2.csv``, …

    How the product numbers them is not known. ``create`` gives the writer of a path.
    """

    path: Path
    most: int
    create: Callable[[Path], Writer]
    parts: list[Part] = field(default_factory=list[Part])

    def write(self, batch: Any) -> None:
        """Write the next records."""
        done = 0
        while done < batch.height:
            part = self._part()
            records = batch.slice(done, self.most - part.records)
            part.writer.write(records)
            part.records += records.height
            done += records.height

    def finish(self) -> None:
        """Make all files whole; without a record there is one."""
        if not self.parts:
            self._part()
        for part in self.parts:
            part.writer.finish()

    def close(self) -> bool:
        """Put all files in their places; whether there are any."""
        self.finish()
        placed = [part.writer.close() for part in self.parts]
        return any(placed)

    def abort(self) -> None:
        """Leave nothing behind."""
        for part in self.parts:
            part.writer.abort()

    def files(self) -> list[tuple[Path, int]]:
        """The files, with their numbers of records."""
        return [(part.path, part.records) for part in self.parts]

    def _part(self) -> Part:
        """The last file, or the next where that is full."""
        if not self.parts or self.parts[-1].records == self.most:
            number = len(self.parts)
            path = self.path.with_stem(f"{self.path.stem}_{number}") if number else self.path
            self.parts.append(Part(path, self.create(path)))
        return self.parts[-1]
