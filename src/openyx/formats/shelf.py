"""The shelf of formats: a format is one file in this package, found by FileFormat code, ending and magic bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol
from zipfile import BadZipFile, ZipFile

import openyx.formats
from openyx.errors import NotYet, Unknown
from openyx.formats.options import Options
from openyx.formats.others import OTHERS, Named

if TYPE_CHECKING:
    import polars as pl

    from openyx.fields import Schema

Warn = Callable[[str], None]

_ARCHIVE = 57
_WORKBOOK = "xlsx"
_ZIP = b"PK\x03\x04"
_HEAD = 32


class Reader(Protocol):
    """A data file that has been looked at and can be read."""

    @property
    def schema(self) -> Schema:
        """The fields, with the types and sizes that the records get."""
        ...

    @property
    def fits(self) -> bool:
        """Whether no text can be longer than its field."""
        ...

    @property
    def narrow(self) -> bool:
        """Whether no text can have characters beyond Latin-1."""
        ...

    def frame(self) -> pl.LazyFrame:
        """The records in file order."""
        ...


class Writer(Protocol):
    """A data file that is being written beside its place; nothing is at the place before ``close``."""

    def write(self, batch: pl.DataFrame) -> None:
        """Append records."""
        ...

    def finish(self) -> None:
        """Make the file whole, beside its place: what may still fail then is to put it there."""
        ...

    def close(self) -> bool:
        """Finish the file and put it in its place; whether there is one, as one without records may be unwanted."""
        ...

    def abort(self) -> None:
        """Remove what was written; what stood at the place before stays."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Named):
    """A format that is read and written.

    ``open(path, options, warn, limit)`` looks at a file and gives its reader; ``create(path, schema, options, warn)``
    gives a writer. ``warn`` is told in words what was strange, from the thread that reads or writes.
    """

    input: type[Options]
    output: type[Options]
    open: Callable[[Path, Any, Warn], Reader]
    create: Callable[[Path, Schema, Any, Warn], Writer]


@dataclass(frozen=True, slots=True)
class Found:
    """A format, and a warning when the file's content overruled its code."""

    format: Format
    warning: str = ""


def find(path: Path, code: int | None = None, *, reading: bool = True) -> Found:
    """The format of *path*: by its first bytes when they are known (reading), else by *code*, else by its ending.

    Raises ``NotYet`` for a format that has a name and no reader here, ``Unknown`` for a code or ending that has none;
    the hint names the file.
    """
    named = _by_ending(path) if code is None or code == -1 else _by_code(code, path)
    marked = _by_content(path) if reading and code != _ARCHIVE else None
    warning = ""
    if marked is not None and marked is not named:
        warning = f'"{path}" holds {marked.name}, not {named.name}' if named else ""
        named = marked
    if named is None:
        raise Unknown(f'the format of "{path}"' if code is None else f"the file format {code}", hint=str(path))
    if not isinstance(named, Format):
        raise NotYet(named.name, hint=str(path))
    return Found(named, warning)


@cache
def formats() -> tuple[Format, ...]:
    """All formats on the shelf. Raises ``RuntimeError`` when two claim one code, ending or magic, or none is found."""
    modules = [
        import_module(f"{openyx.formats.__name__}.{found.name}") for found in iter_modules(openyx.formats.__path__)
    ]
    shelf = tuple(module.FORMAT for module in modules if hasattr(module, "FORMAT"))
    if not shelf:
        raise RuntimeError("no format was found on the shelf")
    claims: dict[object, str] = {}
    for one in shelf:
        for claim in (*one.codes, *one.endings, *one.magic):
            if claims.setdefault(claim, one.name) != one.name:
                raise RuntimeError(f"{claims[claim]} and {one.name} both claim {claim!r}")
    return shelf


def _all() -> tuple[Named, ...]:
    return (*formats(), *OTHERS)


def _by_code(code: int, path: Path) -> Named | None:
    return next((one for one in _all() if code in one.codes), None) or _by_ending(path)


def _by_ending(path: Path) -> Named | None:
    return next((one for one in _all() if path.suffix.lower().lstrip(".") in one.endings), None)


def _by_content(path: Path) -> Named | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(_ZIP) and _holds_workbook(path):
            return next(one for one in _all() if _WORKBOOK in one.endings)
    except (OSError, BadZipFile):
        # A file that cannot be opened is told by its reader, with its place.
        return None
    return next((one for one in _all() if any(head.startswith(mark) for mark in one.magic)), None)


def _holds_workbook(path: Path) -> bool:
    with ZipFile(path) as archive:
        return any(name.startswith("xl/") for name in archive.namelist())
