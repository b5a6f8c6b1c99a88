"""Make, list and revoke the keys of a gallery of your own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from openyx.cli.shell.extras import extra
from openyx.cli.shell.folders import data_folder, data_option, made_folder, opened_store
from openyx.cli.shell.options import json_option, pass_session
from openyx.cli.shell.session import Session

if TYPE_CHECKING:
    from openyx.store import Key, Store


@click.group(help=__doc__)
def command() -> None:
    pass


@command.command()
@click.option("--kind", type=click.Choice(["studio", "user"]), default="user", show_default=True)
@click.option("--name", metavar="TEXT", default="", help="What to call it, to know it again.")
@data_option
@json_option
@pass_session
def create(session: Session, *, kind: str, name: str, data: Path | None) -> None:
    """Make a key and show its secret, once.

    A user key does everything, under OAuth 2 and 1; a studio key is for the Subscription API under OAuth 1.
    """
    with _store(data, find=data_folder) as store:
        from openyx.store import KeyKind

        made = store.keys.create(KeyKind(kind), name=name)
    shown = {
        "key": made.key.key,
        "secret": made.secret.reveal(),
        "kind": kind,
        "userId": made.key.user_id,
        "name": name,
    }
    if session.json:
        session.show_record(shown)
        return
    session.put(f"key     {shown['key']}")
    session.put(f"secret  {shown['secret']}")
    session.say("The secret is not shown again. Store both:  yx login URL")


@command.command("list")
@data_option
@json_option
@pass_session
def list_(session: Session, *, data: Path | None) -> None:
    """List the keys, oldest first."""
    with _store(data, find=made_folder) as store:
        keys = store.keys.list()
    rows = [(key.key, key.name, key.kind, key.user_id, key.created_at, key.revoked_at or "") for key in keys]
    session.show([_record(key) for key in keys], ("Key", "Name", "Kind", "User", "Created", "Revoked"), rows)


@command.command()
@click.argument("key")
@data_option
@json_option
@pass_session
def revoke(session: Session, key: str, *, data: Path | None) -> None:
    """End a key at once, with every token that it got."""
    with _store(data, find=made_folder) as store:
        ended = store.keys.revoke(key)
    if session.json:
        session.show_record(_record(ended))
    session.say(f"The key {key} is revoked.")


def _store(data: Path | None, *, find: Callable[[Path | None], Path]) -> Store:
    with extra("server", what="a gallery of your own"):
        import_module("openyx.store")  # missed before a folder is
    return opened_store(find(data))


def _record(key: Key) -> dict[str, Any]:
    from openyx.api.wire import timestamp

    return {
        "key": key.key,
        "name": key.name,
        "kind": key.kind,
        "userId": key.user_id,
        "createdAt": timestamp(key.created_at),
        "revokedAt": timestamp(key.revoked_at) if key.revoked_at else None,
    }
