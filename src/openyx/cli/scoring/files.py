"""The workflow files of a folder."""

from __future__ import annotations

from pathlib import Path

from openyx.cli.scoring.verdict import Verdict
from openyx.document import ENDINGS

PACKAGE = ".yxzp"
EXPANDED = ".d"


def workflow_files(folder: Path) -> list[Path]:
    """The workflows, apps, macros and packages below a folder, in order of their paths.

    A package whose content lies expanded beside it (``x.yxzp.d``) is left out: the same workflow is in there.
    """
    found = [path for path in folder.rglob("*") if path.suffix.lower() in (*ENDINGS, PACKAGE) and path.is_file()]
    return sorted(path for path in found if not _is_expanded(path))


def group(path: Path, folder: Path) -> str:
    """The first folder on the way to a file; a dot for one that lies in *folder* itself."""
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else "."


def unread(path: Path, root: Path) -> Verdict:
    """What is known of a file before it is read."""
    return Verdict(path=path.relative_to(root).as_posix(), group=group(path, root), reason="it was not read")


def _is_expanded(path: Path) -> bool:
    return path.suffix.lower() == PACKAGE and path.with_name(path.name + EXPANDED).is_dir()
