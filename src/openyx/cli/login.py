"""Log in to a gallery: try the key, and remember both as a profile."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from openyx.cli.shell.options import common_options, pass_session
from openyx.cli.shell.session import Session
from openyx.errors import AskedWrongly

if TYPE_CHECKING:
    from openyx.client.access.profiles import Profile, Profiles
    from openyx.client.access.secret import Secret


@click.command(help=__doc__)
@click.argument("url", required=False)
@click.option("--key", metavar="KEY", envvar="OPENYX_KEY", help="The API key of the Keys tab; asked for otherwise.")
@click.option("--secret-stdin", is_flag=True, help="Read the secret from standard input.")
@click.option("--secret-command", metavar="COMMAND", help="A command that prints the secret, each time it is needed.")
@click.option("--secret-file", is_flag=True, help="Keep the secret in a file of mode 0600 instead of the keyring.")
@click.option("--auth", type=click.Choice(["auto", "oauth1", "oauth2"]), default="auto", help="Do not ask the server.")
@click.option(
    "--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Certificates to trust beside others."
)
@click.option("--proxy", metavar="URL", default="", help="A proxy; HTTPS_PROXY counts otherwise.")
@click.option("--allow-http", is_flag=True, help="Send the secret over plain HTTP to another machine.")
@click.option("--default", "as_default", is_flag=True, help="Make it the profile that counts when none is named.")
@click.option("--status", is_flag=True, help="Say who is logged in where, and try the key.")
@common_options
@pass_session
def command(
    session: Session,
    url: str | None,
    *,
    key: str | None,
    secret_stdin: bool,
    secret_command: str | None,
    secret_file: bool,
    auth: Literal["auto", "oauth1", "oauth2"],
    ca: Path | None,
    proxy: str,
    allow_http: bool,
    as_default: bool,
    status: bool,
) -> None:
    if status:
        from openyx.cli.shell.standing import status as standing

        standing(session)
        return
    from openyx.client.access.profiles import Profile

    if secret_stdin and secret_command:
        raise click.UsageError("Either --secret-stdin or --secret-command.")
    url = url or _asked(session, "Address of the gallery", "URL")
    key = key or _asked(session, "Key", "--key")
    where: Literal["keyring", "file", "command"] = "command" if secret_command else "file" if secret_file else "keyring"
    profile = Profile(
        url=url,
        key=key,
        secret=where,
        secret_command=secret_command or "",
        auth=auth,
        ca=str(ca.resolve()) if ca else "",
        proxy=proxy,
        allow_http=allow_http,
    )
    _log_in(session, profile, _secret(session, profile, from_stdin=secret_stdin), as_default=as_default)


def _log_in(session: Session, profile: Profile, secret: Secret, *, as_default: bool) -> None:
    from dataclasses import replace

    from openyx.cli.shell.standing import tried
    from openyx.client.access.profiles import Profiles

    profile, finding = tried(profile, secret)
    name = session.profile_meant or "default"
    profiles = Profiles.load().put(name, profile)
    profiles, profile = _kept(session, profiles, name, profile, secret)
    if as_default:
        profiles = replace(profiles, default=name)
    profiles.save()
    if session.json:
        from openyx.cli.shell.standing import record

        session.show_record(record(name, profile, finding, default=name == profiles.default))
        return
    session.say(finding)
    place = {"keyring": "the keyring", "file": "a file that only you can read", "command": "your command"}
    session.say(f"Stored as the profile {name!r}; the secret is in {place[profile.secret]}.")
    if profiles.default != name:
        session.say(f"The default profile is {profiles.default!r}: name this one with --profile {name}.")


def _kept(
    session: Session, profiles: Profiles, name: str, profile: Profile, secret: Secret
) -> tuple[Profiles, Profile]:
    """The secret put where the profile says; where no keyring takes it a person may choose a file."""
    from msgspec.structs import replace

    from openyx.client.access import keeping

    try:
        keeping.keep(profiles, name, profile, secret)
    except AskedWrongly as refused:
        if profile.secret != "keyring" or not session.can_ask:  # noqa: S105 - where it is
            raise
        session.say(f"The keyring cannot take the secret: {refused.message}.")
        if not click.confirm("Keep it in a file that only you can read?", default=True, err=True):
            raise
        profile = replace(profile, secret="file")  # noqa: S106 - where it is
        profiles = profiles.put(name, profile)
        keeping.keep(profiles, name, profile, secret)
    return profiles, profile


def _asked(session: Session, what: str, option: str) -> str:
    if not session.can_ask:
        raise click.UsageError(f"{what} is missing: give {option}.")
    text: str = click.prompt(what, err=True)
    return text.strip()


def _secret(session: Session, profile: Profile, *, from_stdin: bool) -> Secret:
    """The secret: from where it was told to come, else typed without being shown."""
    from openyx.client.access import keeping
    from openyx.client.access.profiles import Profiles
    from openyx.client.access.secret import Secret

    if profile.secret == "command":  # noqa: S105 - where it is
        return keeping.secret_of(Profiles.load(), session.profile_meant or "default", profile)
    if from_stdin:
        text = _read()
    elif session.can_ask:
        text = click.prompt("Secret", hide_input=True, err=True)
    else:
        raise click.UsageError("The secret is missing: give --secret-stdin or --secret-command.")
    if not text.strip():
        raise AskedWrongly("the secret is empty")
    return Secret(text)


def _read() -> str:
    """All of standard input without the end of its line; on a terminal, which has no end, one line."""
    try:
        content = sys.stdin.buffer.readline() if sys.stdin.isatty() else sys.stdin.buffer.read()
        return content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise AskedWrongly("the secret on standard input is no text") from error
