"""What a child that was killed has left half written beside the places of its outputs: found by its notes, removed."""

from __future__ import annotations

from pathlib import Path

from openyx.formats.beside import noted
from openyx.logs import Events

log = Events("openyx.worker")


def notes_of(folder: Path) -> Path:
    """The file in a child's folder in which it says what it is about to write, there or elsewhere."""
    return folder / "beside"


def clear_beside(folder: Path) -> None:
    """Remove what a child of that folder, which is dead, has not brought to its end; in whichever folder that is."""
    try:
        paths = list(noted(notes_of(folder)))
    except OSError as error:  # then it stays, but the child's folder need not
        log.failure("what was being written cannot be read", error, folder=str(folder))
        return
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.failure("a file that was being written cannot be removed", error, file=str(path))
