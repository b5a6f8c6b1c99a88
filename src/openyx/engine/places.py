"""Where the paths in a workflow lead: relative to its folder, in either slash, within what the run may touch."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from openyx.document import paths
from openyx.engine.written import address, drive, name_in, share, slashed
from openyx.errors import NotHere, NotYet, WorkflowError
from openyx.formula.context import Context as World

_UNUSABLE = (OSError, ValueError, RuntimeError)
"""What the system says of a path that it does not take: too long, a NUL in it, links in a circle."""
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
    What is in the ``libraries`` or is ``readable`` may be read, too, what is ``writable`` also written. ``here`` is the
    folder of a macro, where its relative paths start; what it writes goes where the workflow's own outputs go.
    ``environment`` are the variables that formulas see; None: those of the process.

    What a path means is first judged by its words: what lies outside is not even looked for.
    """

    source: Path
    target: Path
    temporary: Path
    anywhere: bool = False
    makes_folders: bool = False
    mirror: Mirror | None = None
    libraries: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    here: Path | None = None
    environment: Mapping[str, str] | None = None

    def at(self, folder: Path | None) -> Places:
        """The same places as a macro in *folder* sees them."""
        return replace(self, here=folder)

    def world(self) -> World:
        """The world as the formulas of the run see it: they see no file that it may not read."""
        here = World.here()
        seen = here.environment if self.environment is None else self.environment
        return replace(here, exists=self.exists, environment=seen)

    def exists(self, written: str) -> bool:
        """Whether there is a file or folder of that path; ``NotHere`` where the run may not look."""
        try:
            return self._source_of(written).exists()
        except NotHere as error:
            if self.anywhere or self.mirror is not None:
                return False
            raise NotHere(f"{error.detail} (asked by FileExists)") from error
        except _UNUSABLE:  # what no system takes for a path is not there
            return False

    def inputs(self, written: str, *, below: bool = False) -> tuple[Path, ...]:
        """The files that a path means, several when it has a wildcard, in order of their names.

        Raises ``NotHere`` for a drive, a network share, an address, the name of a variable and for what is out of
        reach, ``WorkflowError`` for a file that is not there.
        """
        with _readable(written):
            return self._inputs(written, below=below)

    def _inputs(self, written: str, *, below: bool) -> tuple[Path, ...]:
        path = self._source_of(written)
        if not paths.has_wildcard(path):
            if not path.is_file():
                raise WorkflowError(f'The file "{written}" does not exist', hint=f"looked for {path}")
            return (path,)
        found = tuple(self.within_reach(file, written) for file in paths.matching(path, below=below))
        if not found:
            raise WorkflowError(f"There were no files found matching the wildcard path: {written}")
        return found

    def folder(self, written: str) -> Path:
        """The folder that a path means for reading. Raises like ``inputs``."""
        with _readable(written):
            path = self._source_of(written)
            if not path.is_dir():
                raise WorkflowError(f'The directory "{written}" does not exist', hint=f"looked for {path}")
            return path

    def output(self, written: str) -> Path:
        """The file that a path means for writing. Raises like ``inputs``; its folder must be there or may be made."""
        with _readable(written):
            return self._output(written)

    def _output(self, written: str) -> Path:
        path = self.within_reach(self._target(written), written, writes=True)
        if path.is_dir():
            raise WorkflowError(f'"{written}" is a folder')
        if not path.parent.is_dir():
            if not self.makes_folders:
                raise WorkflowError(f"Unable to open file for write: {path}", hint=f"there is no folder {path.parent}")
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def passes(self, path: Path | None) -> bool:
        """Whether a file is gone when the run is: it lies in the run's own folder."""
        return path is not None and path.resolve().is_relative_to(self.temporary.resolve())

    def _source_of(self, written: str) -> Path:
        return self.within_reach(self._located(written, self.here or self.source), written)

    def _target(self, written: str) -> Path:
        if self.mirror is None:
            return self._located(written, self.target, writes=True)
        path = slashed(written)
        if not _WINDOWS and (share(path) or drive(path)):
            return Path(os.path.normpath(self.mirror.at / path.replace(":", "").lstrip("/")))
        return self.mirror.reflected(self._located(written, self.here or self.source))

    def _located(self, written: str, base: Path, *, writes: bool = False) -> Path:
        path = slashed(written)
        if share(path) and not _WINDOWS:
            raise NotHere(f'the network share of "{written}"')
        if drive(path) and not _WINDOWS:
            raise NotHere(f'the drive {path[:2]} of "{written}"')
        if address(path):
            raise NotHere(f'the address "{written}", which is no path')
        # A path that the run itself put in (%Engine.TempFilePath%) is one of this machine.
        located = Path(os.path.normpath(base / path))
        self._check_words(located, written, writes=writes)
        if self.mirror is None and (name := name_in(path)) and not located.exists():
            raise NotHere(f'the {name} in "{written}", which is a name like any other')
        return paths.found(located)

    def _check_words(self, path: Path, written: str, *, writes: bool) -> None:
        """Refuse what lies outside by its words alone; a mirror's image is looked at when it is made."""
        if self.anywhere or self.mirror is not None:
            return
        if not _lies_in(path, self._roots(writes=writes)):
            raise _only_read(written) if _lies_in(path, self.readable) else _outside(written)

    def within_reach(self, path: Path, written: str, *, writes: bool = False) -> Path:
        """The path, provided that it leads nowhere else. Raises ``NotHere`` where it leads out, by a link perhaps."""
        if self.anywhere:
            return path
        real = path.resolve()
        if any(real.is_relative_to(root.resolve()) for root in self._roots(writes=writes)):
            return path
        raise _only_read(written) if _lies_in(real, self.readable) else _outside(written)

    def _roots(self, *, writes: bool) -> tuple[Path, ...]:
        given = self.writable if writes else (*self.libraries, *self.readable, *self.writable)
        if self.mirror is None:
            return (self.source, self.target, self.temporary, *given)
        if writes:
            return (self.mirror.at, self.temporary)
        return (self.source, self.mirror.of, self.temporary, *given)


def _outside(written: str) -> NotHere:
    return NotHere(f'"{written:.1000}" lies outside the folder of the workflow, where this run may not go')


def _only_read(written: str) -> NotHere:
    return NotHere(
        f'"{written:.1000}" lies in a folder that this run may read and not write; '
        "where the gallery runs, --folder DIR:rw allows both"
    )


def _lies_in(path: Path, roots: Sequence[Path]) -> bool:
    """Whether a path lies in one of the folders, by its words alone."""
    words = _folded(path)
    return any(words.is_relative_to(_folded(each)) for root in roots for each in (root.absolute(), root.resolve()))


def _folded(path: Path) -> Path:
    return Path(str(path).casefold())


@contextmanager
def setting(name: str) -> Generator[None]:
    """Say of what is refused in which setting it stands."""
    try:
        yield
    except WorkflowError as error:
        error.hint = error.hint or f"see the setting {name}"
        raise


@contextmanager
def _readable(written: str) -> Generator[None]:
    """What the operating system cannot make of a path is the workflow's fault."""
    try:
        yield
    except _UNUSABLE as error:
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
