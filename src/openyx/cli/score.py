"""Score workflow files: which are read, run, hold what they assert and give the fields and order they remember."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx.cli.shell.options import json_option, pass_session, quiet_option
from openyx.cli.shell.session import Session

if TYPE_CHECKING:
    from openyx.cli.scoring.verdict import Verdict


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page, too.")
@click.option(
    "--details",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write each thing that is not as it should be, a line of tab-separated cells for each.",
)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Files at a time.")
@click.option("--seconds", type=click.FloatRange(1), default=120, show_default=True, help="How long one file may take.")
@json_option
@quiet_option
@pass_session
def command(
    session: Session, folder: Path, *, html: Path | None, details: Path | None, jobs: int, seconds: float
) -> None:
    from openyx.cli.scoring import telling
    from openyx.cli.scoring.crew import Limits, judged
    from openyx.cli.scoring.files import workflow_files
    from openyx.cli.scoring.tables import TOLERANCE
    from openyx.cli.shell.extras import need_engine
    from openyx.errors import AskedWrongly

    need_engine("scoring workflows")
    root = folder.resolve()
    files = workflow_files(root)
    if not files:
        raise AskedWrongly(f"there is no workflow file below {folder}")
    found = judged(files, root, jobs=jobs, limits=Limits(seconds=seconds))
    verdicts = sorted(_counted(session, found, len(files)), key=lambda each: each.path)
    if html is not None:
        from openyx.cli.scoring.page import page

        html.write_text(page(root.name, verdicts, tolerance=TOLERANCE), encoding="utf-8")
    if details is not None:
        details.write_text(telling.details(verdicts), encoding="utf-8")
    telling.tell(session, verdicts)


def _counted(session: Session, verdicts: Iterable[Verdict], number: int) -> Iterator[Verdict]:
    """The same verdicts; on a terminal a bar shows how many came."""
    if session.quiet or session.json or not sys.stderr.isatty():
        yield from verdicts
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(verdicts, total=number)
