"""What is published: a package as it is, or a workflow with the files beside it that it reads."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.document import Document, Node, paths, read
from openyx.errors import DocumentError

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session


@contextmanager
def packed(session: Session, file: Path, *, silent: bool = False) -> Generator[Path]:
    """The file to send: a workflow that reads files beside it becomes a package that holds them too."""
    if file.suffix.lower() == ".yxzp":
        if not zipfile.is_zipfile(file):
            raise DocumentError(f"{file} is no package: it is no zip archive, or a part of one")
        yield file
        return
    needed = beside(read(file), file.parent.resolve())
    if not needed:
        yield file
        return
    if not silent:
        session.say(f"With it go {', '.join(str(path) for path in needed)}.")
    with tempfile.TemporaryDirectory(prefix="openyx-") as folder:
        package = Path(folder) / f"{file.stem}.yxzp"
        with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            archive.write(file, file.name)
            for path in needed:
                archive.write(file.parent / path, path.as_posix())
        yield package


def beside(document: Document, folder: Path) -> list[Path]:
    """The files below the workflow's folder that its tools read, relative to it, each once."""
    return list(dict.fromkeys(_beside(document, folder)))


def _beside(document: Document, folder: Path) -> Iterator[Path]:
    for node in document.nodes:
        for path in _references(node, folder):
            file = path.resolve()
            if file.is_file() and file.is_relative_to(folder):
                yield file.relative_to(folder)


def _references(node: Node, folder: Path) -> Iterable[Path]:
    settings = node.configuration.find("File")
    if node.macro:
        written = node.macro
    elif node.plugin.endswith(".DbFileInput") and settings is not None:
        written = settings.text
    else:
        return ()
    path = paths.found(folder / written.partition("|||")[0].strip().replace("\\", "/"))
    if not paths.has_wildcard(path) or not path.resolve().is_relative_to(folder):
        return (path,)
    return paths.matching(path, below=settings is not None and settings.get("SearchSubDirs") == "True")
