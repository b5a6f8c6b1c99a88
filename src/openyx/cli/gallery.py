"""Check a gallery of your own, copy it while it runs, or clear it of what need not be kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openyx.amounts import spoken_size
from openyx.cli.serving.keeping import keep_options
from openyx.cli.shell.folders import data_option, made_folder, opened_store, shared_options
from openyx.cli.shell.options import json_option, pass_session, quiet_option
from openyx.cli.shell.session import Session

if TYPE_CHECKING:
    from openyx.store import Keep


@click.group(help=__doc__)
def command() -> None:
    pass


@command.command()
@data_option
@shared_options
@click.option("--deep", is_flag=True, help="Read every file, and compare its content with its digest.")
@click.option("--repair", is_flag=True, help="Mend what can be mended, and say what was done.")
@json_option
@quiet_option
@pass_session
def check(session: Session, *, data: Path | None, store: str, blobs: str, deep: bool, repair: bool) -> None:
    """Look whether records, files and key belong together.

    The gallery may run meanwhile. Exit status 1 when something is wrong and was not repaired.
    """
    with opened_store(made_folder(data), store=store, blobs=blobs, sealed=False, reading=not repair) as kept:
        found = list(kept.checking.check(deep=deep, repair=repair))
    rows = [(each.rule, each.what, each.text, each.repaired) for each in found]
    session.show([asdict(each) for each in found], ("Rule", "What", "Wrong", "Repaired"), rows)
    left = sum(not each.repaired for each in found)
    session.say(f"{len(found)} found, {len(found) - left} repaired." if found else "Nothing is wrong.")
    if left:
        raise click.exceptions.Exit(1)


@command.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@data_option
@shared_options
@json_option
@quiet_option
@pass_session
def backup(session: Session, folder: Path, *, data: Path | None, store: str, blobs: str) -> None:
    """Copy the gallery into a new folder, while it runs.

    The copy is of one moment, and a gallery itself: `yx serve --data DIR`. It has SQLite, whatever the original has.
    """
    with opened_store(made_folder(data), store=store, blobs=blobs, reading=True) as kept:
        done = kept.backup.make(folder.absolute())
    if session.json:
        session.show_record({"folder": str(folder.absolute()), **asdict(done)})
    for digest in done.missing:
        session.say(f"The gallery itself lacks the file {digest}: yx gallery check")
    session.say(f"{done.records:,} records and {done.files:,} files ({spoken_size(done.bytes)}) are in {folder}.")
    if done.missing:
        raise click.exceptions.Exit(1)


@command.command()
@data_option
@shared_options
@keep_options
@json_option
@quiet_option
@pass_session
def sweep(session: Session, *, data: Path | None, store: str, blobs: str, keep: Keep) -> None:
    """Remove what is older or more than is kept, now.

    A server does it every hour, with the same options.
    """
    with opened_store(made_folder(data), store=store, blobs=blobs, sealed=False) as kept:
        swept = kept.retention.sweep(keep)
    if session.json:
        session.show_record(asdict(swept))
        return
    session.show_facts(
        (
            ("Jobs", swept.jobs),
            ("Jobs that lost their outputs", swept.outputs),
            ("Versions", swept.versions),
            ("Uploads that were cut off", swept.uploads),
            ("Files", f"{swept.blobs} ({spoken_size(swept.bytes)})"),
        )
    )
