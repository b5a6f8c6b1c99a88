"""What tools say of the files that they read and write; the run finds, opens and makes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from openyx.errors import NotHere, WorkflowError
from openyx.formats.others import OTHERS
from openyx.formats.shelf import formats
from openyx.relation import Relation

_CONNECTION = re.compile(r"(odbc|oci|odb|aka|snowbl|32bit|odbcmulti|oledb)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """The files that an input tool wants: a path as it is written (a wildcard, perhaps), and what they are."""

    path: str
    code: int | None
    options: Mapping[str, str]
    below: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """One of these files: its path as the run found it, and its records."""

    path: Path
    records: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """A folder whose files a tool wants to know of: those whose names fit a pattern such as ``*.csv``."""

    path: str
    pattern: str
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in a folder: its size in bytes, its times by the machine's clock, and what Windows says of it.

    ``attributes`` are those that it has, of ``Archive``, ``Hidden``, ``Readonly`` and the like.
    """

    path: Path
    size: int
    created: datetime
    accessed: datetime
    written: datetime
    attributes: frozenset[str] = field(default_factory=frozenset[str])


def on_disk(written: str) -> str:
    """The path as it is written, without blanks around it.

    Raises ``WorkflowError`` where there is none, ``NotHere`` for a connection to a database.
    """
    path = written.strip()
    if not path:
        raise WorkflowError("No file is chosen")
    if _CONNECTION.match(path):
        raise NotHere(f"the database connection {path.partition(':')[0]}:", hint="see the setting File")
    return path


def format_code(text: str) -> int:
    """A FileFormat code; where another program wrote an ending, the code of the format that has it.

    >>> format_code("19"), format_code("csv")
    (19, 0)
    """
    word = text.strip().lower().lstrip(".")
    if re.fullmatch(r"-?\d{1,9}", word, re.ASCII):
        return int(word)
    found = next((one for one in (*formats(), *OTHERS) if word in one.endings and one.codes), None)
    if found is None:
        raise ValueError(f"{text!r} is no file format")
    return found.codes[0]


def shown(path: Path) -> str:
    r"""A path as records hold it: with backslashes on every system, because the formulas of workflows look for them.

    >>> shown(Path("/data/in.csv"))
    '\\data\\in.csv'
    """
    return str(path).replace("/", "\\")


class Naming(StrEnum):
    """What the value of a field does to the name of the file that its records go to."""

    PATH = "Path"
    NAME = "FileName"
    SUFFIX = "Suffix"
    PREFIX = "Prefix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """One file for each value of ``field``; ``keeps`` writes the field, too."""

    field: str
    naming: Naming
    keeps: bool

    def path(self, written: str, value: str) -> str:
        """The path for a value, made from the path as it is written.

        >>> Parted(field="f", naming=Naming.SUFFIX, keeps=False).path("out/image.png", "apple")
        'out/imageapple.png'
        """
        if self.naming is Naming.PATH:
            return value
        if any(sign in value for sign in '/\\:*?"<>|'):
            raise WorkflowError(f"{value!r} cannot be part of a file's name")
        path = PurePosixPath(written.replace("\\", "/"))
        name = {
            Naming.NAME: value,
            Naming.SUFFIX: f"{path.stem}{value}",
            Naming.PREFIX: f"{value}{path.stem}",
        }[self.naming]
        try:
            return str(path.with_name(f"{name}{path.suffix}"))
        except ValueError as error:
            raise WorkflowError(f'{value!r} makes no file name of "{written}"') from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """A file to write: a path as it is written, what it is, and what to do with it; or several of them.

    ``most`` is how many records a file takes at most (0: any number).
    """

    path: str
    code: int | None
    options: Mapping[str, str]
    parted: Parted | None = None
    most: int = 0
