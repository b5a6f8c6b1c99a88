"""Forget a profile, and its secret with it."""

from __future__ import annotations

import click

from openyx.cli.shell.options import common_options, pass_session
from openyx.cli.shell.session import Session


@click.command(help=__doc__)
@common_options
@pass_session
def command(session: Session) -> None:
    from openyx.client.access import keeping
    from openyx.client.access.profiles import Profiles

    profiles = Profiles.load()
    name, profile = profiles.get(session.profile_meant)
    keeping.forget(profiles, name, profile)
    profiles.remove(name).save()
    session.say(f"The profile {name!r} ({profile.url}) is forgotten.")
