"""Files while they are written: beside their places, under names of their own; noted, where a process may be killed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

_NAME = re.compile(r"\..*\.tmp-[0-9a-f]{8}", re.DOTALL)
_END = b"\0"


class Notes:
    """Says in a file what this process is about to write beside; who finds the process dead reads it there."""

    def __init__(self) -> None:
        self._file: Path | None = None

    def keep_in(self, file: Path) -> None:
        """Take notes in this file from now on; before that, none are taken."""
        self._file = file

    def take(self, path: Path) -> None:
        """A file that will be there."""
        if self._file is not None:
            with self._file.open("ab") as file:
                file.write(os.fsencode(path.absolute()) + _END)


NOTES = Notes()
"""Those of this process."""


def beside(path: Path) -> Path:
    """Where a file is written until it is complete; nobody else writes there."""
    return path.with_name(f".{path.name}.tmp-{token_hex(4)}")


def begin(path: Path) -> None:
    """Make an empty file of a name from ``beside``, having noted it. Raises ``OSError``."""
    NOTES.take(path)
    path.open("xb").close()


def noted(file: Path) -> Iterator[Path]:
    """What a process took notes of: names as ``beside`` makes them, whether there are such files or not."""
    with suppress(FileNotFoundError):
        *whole, _cut_off = file.read_bytes().split(_END)
        yield from (path for path in map(Path, map(os.fsdecode, whole)) if _NAME.fullmatch(path.name))
