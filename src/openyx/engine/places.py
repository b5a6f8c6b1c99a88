"""Where the paths in a workflow lead: relative to its folder, in either slash, within what the run may touch."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from openyx.document import paths
from openyx.errors import NotHere, NotYet, WorkflowError

_DRIVE = re.compile(r"[A-Za-z]:")
_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True, slots=True)
class Mirror:
    """A folder whose files may be read and are never changed: what would be written below ``of`` goes below ``at``.

    So does what would be written on a drive or a network share that this machine has not.
    """

    of: Path
    at: Path

    def reflected(self, path: Path) -> Path:
        """Where a path below the folder leads for writing; others stay as they are."""
        return self.at / path.relative_to(self.of) if path.is_relative_to(self.of) else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What a run may read and write.

    ``source`` is the workflow's folder, ``target`` where relative output paths start, ``temporary`` the run's own
    folder. Files outside these are out of reach unless ``anywhere``. ``makes_folders``: missing folders are made.
    With a ``mirror`` all of its folder may be read, and nothing is written but below its image and ``temporary``.
    What is in the ``libraries`` may be read, too. ``here`` is the folder of a macro, where its relative paths start;
    what it writes goes where the workflow's own outputs go.
    """

    source: Path
    target: Path
    temporary: Path
    anywhere: bool = False
    makes_folders: bool = False
    mirror: Mirror | None = None
    libraries: tuple[Path, ...] = ()
    here: Path | None = None

    def at(self, folder: Path | None) -> Places:
        """The same places as a macro in *folder* sees them."""
        return replace(self, here=folder)

    def inputs(self, written: str, *, below: bool = False) -> tuple[Path, ...]:
        """The files that a path means, several when it has a wildcard, in order of their names.

        Raises ``NotHere`` for a drive or a network share, ``WorkflowError`` for a file that is not there or out of
        reach.
        """
        with _readable(written):
            return self._inputs(written, below=below)

    def _inputs(self, written: str, *, below: bool) -> tuple[Path, ...]:
        path = self._within_reach(paths.found(self._located(written, self.here or self.source)), written)
        if not paths.has_wildcard(path):
            if not path.is_file():
                raise WorkflowError(f'The file "{written}" does not exist', hint=f"looked for {path}")
            return (path,)
        found = tuple(self._within_reach(file, written) for file in paths.matching(path, below=below))
        if not found:
            raise WorkflowError(f"There were no files found matching the wildcard path: {written}")
        return found

    def folder(self, written: str) -> Path:
        """The folder that a path means for reading. Raises like ``inputs``."""
        with _readable(written):
            path = self._within_reach(paths.found(self._located(written, self.here or self.source)), written)
            if not path.is_dir():
                raise WorkflowError(f'The directory "{written}" does not exist', hint=f"looked for {path}")
            return path

    def output(self, written: str) -> Path:
        """The file that a path means for writing. Raises like ``inputs``; its folder must be there or may be made."""
        with _readable(written):
            return self._output(written)

    def _output(self, written: str) -> Path:
        path = self._within_reach(self._target(written), written, writes=True)
        if path.is_dir():
            raise WorkflowError(f'"{written}" is a folder')
        if not path.parent.is_dir():
            if not self.makes_folders:
                raise WorkflowError(f"Unable to open file for write: {path}", hint=f"there is no folder {path.parent}")
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _target(self, written: str) -> Path:
        if self.mirror is None:
            return paths.found(self._located(written, self.target))
        if not _WINDOWS and _is_elsewhere(path := _slashed(written)):
            return Path(os.path.normpath(self.mirror.at / path.replace(":", "").lstrip("/")))
        return self.mirror.reflected(paths.found(self._located(written, self.here or self.source)))

    def _located(self, written: str, base: Path) -> Path:
        path = _slashed(written)
        if path.startswith("//") and not _WINDOWS:
            raise NotHere(f'the network share of "{written}"')
        if _DRIVE.match(path) and not _WINDOWS:
            raise NotHere(f'the drive {path[:2]} of "{written}"')
        # A path that the run itself put in (%Engine.TempFilePath%) is one of this machine.
        return Path(os.path.normpath(base / path))

    def _within_reach(self, path: Path, written: str, *, writes: bool = False) -> Path:
        if self.anywhere:
            return path
        real = path.resolve()
        if any(real.is_relative_to(root.resolve()) for root in self._roots(writes=writes)):
            return path
        raise NotHere(f'"{written}" lies outside the folder of the workflow, where this run may not go')

    def _roots(self, *, writes: bool) -> tuple[Path, ...]:
        if self.mirror is None:
            return (self.source, self.target, self.temporary, *(() if writes else self.libraries))
        if writes:
            return (self.mirror.at, self.temporary)
        return (self.source, self.mirror.of, self.temporary, *self.libraries)


def _slashed(written: str) -> str:
    return written.strip().strip('"').replace("\\", "/")


def _is_elsewhere(path: str) -> bool:
    """Whether a path is on a drive or a network share."""
    return path.startswith("//") or _DRIVE.match(path) is not None


@contextmanager
def _readable(written: str) -> Generator[None]:
    """What the operating system cannot make of a path is the workflow's fault."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise WorkflowError(f'"{written:.200}" cannot be used as a path: {reason}') from error


def selector(written: str) -> tuple[str, str]:
    r"""A path and what stands behind its bars: ``book.xlsx|||Sheet1`` names a part of the file."""
    path, _, part = written.partition("|||")
    return path, part


def whole(written: str) -> str:
    """The path of a whole file. Raises ``NotYet`` where a part of one is named."""
    path, part = selector(written)
    if part:
        raise NotYet(f'a part of a file ("{part}")')
    return path
