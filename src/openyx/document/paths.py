"""Paths as workflow files mean them: names in any case, and wildcards in the last part."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path


def found(path: Path) -> Path:
    """An absolute path as the disk spells it: names that are not there are looked for without regard to case."""
    if path.exists() or not path.is_absolute():
        return path
    spelled = Path(path.anchor)
    for name in path.parts[1:]:
        spelled /= name if (spelled / name).exists() else _spelled(spelled, name)
    return spelled


def has_wildcard(path: Path) -> bool:
    """Whether a path means several files."""
    return any(sign in path.name for sign in "*?")


def matching(path: Path, *, below: bool = False) -> list[Path]:
    """The files that a path with a wildcard means, in order of their names; *below* looks into folders, too."""
    # A bracket is a character like any other.
    pattern = path.name.casefold().replace("[", "[[]")
    folders = [path.parent, *(entry for entry in path.parent.rglob("*") if entry.is_dir())] if below else [path.parent]
    files = [entry for folder in folders if folder.is_dir() for entry in folder.iterdir() if entry.is_file()]
    return sorted(
        (file for file in files if fnmatch(file.name.casefold(), pattern)),
        key=lambda file: (file.name.casefold(), str(file)),
    )


def _spelled(folder: Path, name: str) -> str:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return name
    return next((other for other in names if other.casefold() == name.casefold()), name)
