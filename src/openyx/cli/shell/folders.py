"""Where things lie when nobody says where."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from openyx.store import Store

F = TypeVar("F", bound=Callable[..., Any])


def data_option(function: F) -> F:
    """``--data``: the folder of a gallery; the user's own where nothing is said."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="The gallery's data folder (default: the user's own).",
    )(function)


def shared_options(function: F) -> F:
    """``--store`` and ``--blobs``: what a gallery on several hosts shares."""
    store = click.option("--store", default="", metavar="URL", help="A shared database: postgresql://user@host/name.")
    files = "The shared folder of files, or its address: s3://bucket/path."
    return store(click.option("--blobs", default="", metavar="ADDRESS", help=files)(function))


def opened_store(
    folder: Path, *, store: str = "", blobs: str = "", sealed: bool = True, reading: bool = False
) -> Store:
    """The store of a gallery: shared with other hosts where that is said, here or in the environment.

    Who needs no secrets of keys opens it without its key file (not *sealed*); who is only
    *reading* opens one on a medium that cannot be written.
    """
    from openyx import settings
    from openyx.cli.shell.extras import extra

    with extra("server", what="a gallery of your own"):
        from openyx.store import open_store

    shared = store or settings.STORE.value(os.environ)
    blobs = blobs or settings.BLOBS.value(os.environ)
    return open_store(folder, database=shared, blobs=blobs, sealed=sealed, reading=reading)


def data_folder(given: Path | None) -> Path:
    """The folder of a gallery: the given one, else the environment's, else the platform's place for a user's data."""
    from openyx import settings

    known = given or settings.DATA.given(os.environ)
    if known is not None:
        return known
    from platformdirs import user_data_path

    return user_data_path("openyx") / "gallery"


def made_folder(given: Path | None) -> Path:
    """The folder of a gallery that is there already.

    Raises ``NotFound`` where none is, so that a misspelt folder does not become an empty gallery.
    """
    from openyx.errors import NotFound

    folder = data_folder(given)
    if not any((folder / name).is_file() for name in ("gallery.sqlite", "secret.key")):
        raise NotFound(f"there is no gallery in {folder}", hint="yx serve and yx keys create make one; --data names it")
    return folder
