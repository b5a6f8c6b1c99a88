"""Write sample workflows with their data into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from openyx.cli.shell.options import json_option, pass_session, quiet_option
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--overwrite", is_flag=True, help="Write over files that are there.")
@json_option
@quiet_option
@pass_session
def command(session: Session, folder: Path, *, overwrite: bool) -> None:
    from openyx.cli.shell import shipped

    written = shipped.write(folder, overwrite=overwrite)
    if session.json:
        session.show_record([str(path) for path in written])
        return
    for path in written:
        session.put(str(path))
    first = next(path for path in written if path.suffix == ".yxmd")
    session.say(f'Try:  yx run "{first}"   or open one in Designer.')
