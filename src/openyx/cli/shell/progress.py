"""Files on their way: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session

Moved = Callable[[int, int | None], object]


@contextmanager
def progress(session: Session, title: str) -> Generator[Moved | None]:
    """Around a transfer: what to tell of its bytes; nothing where nobody looks."""
    if session.quiet or session.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
    from rich.text import Text

    from openyx.cli.shell.output import cell

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(Text(cell(title)).markup, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
