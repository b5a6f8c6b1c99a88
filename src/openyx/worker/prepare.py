"""Lays a version's files out for a run: a package unpacked, a bare workflow under its own name."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from openyx.document import unpack
from openyx.errors import DocumentError
from openyx.store import Blobs, Version


def prepare(version: Version, blobs: Blobs, folder: Path) -> Path:
    """The workflow file to run, in this folder with all that came with it, and with nothing else.

    DocumentError when the package cannot be unpacked, NotFound when its file is missing from the gallery.
    """
    _empty(folder)
    with blobs.lent(version.digest) as packed:
        if not version.is_package:
            workflow = folder / PurePosixPath(version.file_name.replace("\\", "/")).name
            shutil.copyfile(packed, workflow)
            return workflow
        unpack(packed, folder, name=f"the package of {version.file_name}")
    workflow = folder / version.entry
    if not workflow.is_file():
        raise DocumentError(f"the package holds no {version.entry}", place=version.file_name)
    return workflow


def _empty(folder: Path) -> None:
    """Remove what an attempt without enough room has left."""
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
