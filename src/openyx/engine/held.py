"""Files that are written while a run goes on, and put in their places when it has ended well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openyx.engine.parted import PartedWriter
from openyx.engine.portioned import PortionedWriter
from openyx.errors import WorkflowError
from openyx.formats.shelf import Writer


@dataclass(slots=True)
class Held:
    """A writer whose file waits for the end of the run; what it cannot write is its tool's error."""

    tool: int
    writer: Writer
    path: Path | None
    over: bool = False

    def write(self, batch: Any) -> None:
        """Write the next records."""
        try:
            self.writer.write(batch)
        except WorkflowError as error:
            error.tool = self.tool
            raise

    def close(self) -> None:
        """All records came; the file is whole, and still waits for those of the other tools."""
        try:
            self.writer.finish()
        except OSError as error:
            names = ", ".join(str(path) for path, _ in self.files(0))
            raise WorkflowError(f"Unable to write {names}", tool=self.tool, hint=error.strerror or "") from error
        except WorkflowError as error:
            error.tool = self.tool
            raise

    def release(self, records: int) -> list[tuple[Path, int]]:
        """Put the file in its place; the files that are there now, with their numbers of records."""
        placed = self.writer.close()
        self.over = True
        return self.files(records) if placed else []

    def files(self, records: int) -> list[tuple[Path, int]]:
        """The files that it is to be, with their numbers of records."""
        if isinstance(self.writer, PartedWriter | PortionedWriter):
            return self.writer.files()
        return [(self.path, records)] if self.path else []

    def abort(self) -> None:
        """Leave nothing behind."""
        if not self.over:
            self.over = True
            self.writer.abort()


def check_places(held: Mapping[int, Held]) -> None:
    """Raise ``WorkflowError`` where tools whose records name their files name the same one."""
    writers: dict[Path, int] = {}
    for tool, each in held.items():
        for path, _ in each.files(0):
            other = writers.setdefault(path, tool)
            if other != tool:
                raise WorkflowError(f'"{path}" is written by tool {other} and tool {tool}', tool=tool)
