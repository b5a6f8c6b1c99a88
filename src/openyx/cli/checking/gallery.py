"""What a gallery refuses of a workflow: there it has the files that go with it and no others."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from openyx.cli.shell.packing import beside
from openyx.document import read, unpack
from openyx.engine.check import Row, check
from openyx.errors import Unknown

_STARTERS = (".yxmd", ".yxwz", ".yxzp")


def refusals(file: Path, macros: Sequence[Path] = ()) -> list[str]:
    """Why a run of it in a gallery would stop before it began, each with its tool; nothing of a macro.

    Raises ``DocumentError`` for a file that is no workflow.
    """
    if file.suffix.lower() not in _STARTERS:
        return []
    with tempfile.TemporaryDirectory(prefix="openyx-") as name:
        folder = Path(name)
        report = check(_laid_out(file, folder), folder=folder, makes_folders=True, macros=macros)
    home = file.parent.resolve()
    found = (f"{_place(row)}{text}" for row in report.rows for text in _stops(row, home))
    return [text.replace(f"{folder}{os.sep}", "") for text in found]


def _laid_out(file: Path, folder: Path) -> Path:
    """The workflow as it lies in a gallery, with what is published with it."""
    if file.suffix.lower() == ".yxzp":
        return unpack(file, folder)
    for path in (Path(file.name), *beside(read(file), file.parent.resolve())):
        source, target = (file.parent / path).resolve(), folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:  # on another disk, or somebody else's
            shutil.copyfile(source, target)
    return folder / file.name


def _place(row: Row) -> str:
    return f"tool {row.number} ({row.name}): " if row.number >= 0 else ""


def _stops(row: Row, home: Path) -> Iterator[str]:
    for missing in row.missing:
        is_macro = isinstance(missing, Unknown) and missing.detail.startswith("the macro ")
        yield f"{missing.message}, unless OPENYX_MACROS leads to it where the jobs run" if is_macro else missing.message
    yield from row.wrong
    for written, why in zip(row.files, row.refused, strict=True):
        path = Path(written)
        setting = why.partition(":")[0]
        if not path.is_absolute():
            yield why
        elif path.resolve().is_relative_to(home):
            yield f'{setting}: "{written}" leads elsewhere there; write it as "{path.resolve().relative_to(home)}"'
        else:
            yield f"{why}, unless the gallery is started with --folder for it"
