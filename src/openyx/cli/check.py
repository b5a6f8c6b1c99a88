"""Tell what a workflow file needs that is not there, before it runs; or all files of a folder."""

from __future__ import annotations

from pathlib import Path

import click

from openyx.cli.shell.options import json_option, pass_session, quiet_option
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.argument("path", metavar="FILE|DIR", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--macros",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder in which macros are found by name; may be given several times.",
)
@json_option
@quiet_option
@pass_session
def command(session: Session, path: Path, *, macros: tuple[Path, ...]) -> None:
    from openyx.cli.shell.extras import extra

    with extra("engine", what="checking a workflow"):
        from openyx.cli.checking.files import check_folder
        from openyx.cli.checking.tools import check_file

    stops = check_folder(session, path, macros) if path.is_dir() else check_file(session, path, macros)
    if stops:
        raise click.exceptions.Exit(1)
