"""What a run may take at most, and what it may use beside its own folder."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from openyx.amounts import spoken, spoken_size
from openyx.errors import AskedWrongly


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What each job may take: seconds of time, bytes of memory, bytes written; None: as much as there is.

    A job that takes more is stopped with all that it started, and ends as an error that says so and names the option.
    """

    time: float | None = None
    memory: int | None = None
    output: int | None = None

    @property
    def too_long(self) -> str:
        """What is said of a job that took too much time."""
        return f"The run took more than {spoken(self.time or 0)} and was stopped (--time-limit)."

    @property
    def too_big(self) -> str:
        """What is said of a job that took too much memory."""
        return f"The run took more than {spoken_size(self.memory or 0)} of memory and was stopped (--memory-limit)."

    @property
    def too_much(self) -> str:
        """What is said of a job that wrote too much."""
        return f"The run wrote more than {spoken_size(self.output or 0)} and was stopped (--output-limit)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What each job may use beside its own folder: folders to read, folders to write in, too, and those of macros."""

    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    macros: tuple[Path, ...] = ()


def keep_apart(reach: Reach, *owns: Path) -> None:
    """Raise ``AskedWrongly`` where jobs could reach the files of this gallery, or another: keys, everybody's outputs.

    Another gallery, or its shared files, is looked for in a folder, around it, and in the folders that lie in it.
    """
    for folder in dict.fromkeys((*reach.readable, *reach.writable)):
        if any(own.is_relative_to(folder) or folder.is_relative_to(own) for own in (each.resolve() for each in owns)):
            raise _too_near(folder, "the gallery's own files")
        if other := next(filter(_is_gallery, (folder, *folder.parents, *folder.glob("*/"))), None):
            raise _too_near(folder, f"the files of the gallery in {other}")


def _is_gallery(folder: Path) -> bool:
    try:
        names = ("secret.key", "gallery.sqlite") if (folder / "work").is_dir() else ()
        return any((folder / name).is_file() for name in (".gallery", *names))
    except PermissionError:  # nor can a job look there
        return False


def _too_near(folder: Path, what: str) -> AskedWrongly:
    return AskedWrongly(f"jobs cannot be given {folder}: {what} are there", hint="name a folder apart")


def lacking(platform: str = sys.platform) -> tuple[str, ...]:
    """What cannot be kept to on a system, in words.

    >>> lacking("linux")
    ()
    """
    if platform == "linux":
        return ()
    everywhere = ("a job's memory is not limited", "processes that leave a job's group are not found")
    if platform == "win32":
        return (*everywhere, "the size of a single file is not limited while it is written")
    return everywhere
