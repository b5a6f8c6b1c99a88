"""See it all happen: a gallery of your own, and a workflow started on it by name."""

from __future__ import annotations

import click

from openyx.cli.shell.options import json_option, pass_session, quiet_option
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.option("--keep", is_flag=True, help="Leave the gallery up, with a profile called demo.")
@click.option("--stop", is_flag=True, help="End the gallery that --keep left up.")
@json_option
@quiet_option
@pass_session
def command(session: Session, *, keep: bool, stop: bool) -> None:
    if keep and stop:
        raise click.UsageError("Either --keep or --stop.")
    from openyx.cli.showing import kept, show

    if stop:
        kept.stop(session)
    elif keep:
        show.keep(session)
    else:
        show.once(session)
