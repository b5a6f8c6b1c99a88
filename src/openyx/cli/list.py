"""List the workflows that the key may see."""

from __future__ import annotations

import click

from openyx.cli.shell.options import common_options, pass_session
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@click.option("--search", metavar="TEXT", help="Only names that hold this text.")
@common_options
@pass_session
def command(session: Session, *, search: str | None) -> None:
    workflows = session.gallery.workflows.list(search=search)
    if search:
        # Servers search more than the name, or nothing at all.
        workflows = [each for each in workflows if search.casefold() in each.name.casefold()]
    rows = [(each.name, each.kind, each.version, each.created, each.id) for each in workflows]
    session.show([each.record for each in workflows], ("Name", "Kind", "Version", "Published", "Id"), rows)
    if not workflows:
        session.say("This key sees no workflow" + (f" whose name holds {search!r}." if search else "."))
