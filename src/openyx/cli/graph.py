"""Draw a workflow file as its author laid it out."""

from __future__ import annotations

from pathlib import Path

import click

from openyx.cli.shell.options import pass_session, quiet_option
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="SVG",
    help="The file to write; standard output otherwise.",
)
@quiet_option
@pass_session
def command(session: Session, file: Path, *, output: Path | None) -> None:
    from openyx.cli.drawing import drawn
    from openyx.document import read

    picture = drawn(read(file))
    if output is None:
        session.put(picture)
        return
    output.write_text(f"{picture}\n", encoding="utf-8")
    session.put(str(output))
