"""Publish a workflow file or a package to a gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx.cli.shell import limits
from openyx.cli.shell.extras import extra
from openyx.cli.shell.options import common_options, pass_session
from openyx.cli.shell.ours import only_ours
from openyx.cli.shell.session import Session
from openyx.errors import Conflict, OpenYXError

if TYPE_CHECKING:
    from openyx.api.declaring import Sync
    from openyx.client.workflows import Workflow


@click.command(help=__doc__)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="Its name there; the file's own otherwise.")
@click.option("--owner", metavar="ID", help="The id of its owner; a real Server wants one.")
@click.option("--new-version", is_flag=True, help="Add a version to the workflow of that name.")
@click.option("--comments", metavar="TEXT", default="", help="A remark on this version.")
@limits.limit_options
@common_options
@pass_session
def command(
    session: Session,
    file: Path,
    *,
    name: str | None,
    owner: str | None,
    new_version: bool,
    comments: str,
    at_once: int | None,
    attempts: int | None,
) -> None:
    from openyx.cli.shell.packing import packed

    title = file.stem if name is None else name
    limited = at_once is not None or attempts is not None
    if limited:
        with only_ours("how jobs may run"):
            session.gallery.openyx.keys.current()
    with packed(session, file) as package:

        def publish(*, new_version: bool) -> Workflow[Sync]:
            from openyx.cli.shell.progress import progress

            with progress(session, package.name) as moved:
                return session.gallery.publish(
                    package, name=title, owner=owner, new_version=new_version, comments=comments, progress=moved
                )

        try:
            workflow = publish(new_version=new_version)
        except Conflict as taken:
            if not session.can_ask or not click.confirm(f"{title!r} is there. Publish a new version of it?", err=True):
                raise Conflict(taken.message, hint="--new-version adds a version to it") from taken
            workflow = publish(new_version=True)
    if limited:
        limits.limit(session, workflow.id, at_once=at_once, attempts=attempts)
    if session.json:
        session.show_record(workflow.record)
        return
    session.put(workflow.id)
    _warn(session, file)
    version = f", version {workflow.version}" if workflow.version else ""
    session.say(f"Published {workflow.name!r}{version}.  Run it:  yx run {workflow.name!r}")


def _warn(session: Session, file: Path) -> None:
    """Say what stops a run of it before it begins; a real Server may be able to do more."""
    if session.quiet:
        return
    try:
        with extra("engine", what="checking a workflow"):
            from openyx.cli.checking.gallery import refusals
        reasons = refusals(file)
    except (OpenYXError, OSError):  # no engine here, no room to try, or nothing that it reads
        return
    if reasons:
        whose = "This gallery's engine" if session.gallery.ours else "OpenYX"
        session.say(f"{whose} would not run it:")
        for each in reasons:
            session.say(f"  {each}")
