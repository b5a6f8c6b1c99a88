"""What demos that ended have left: it is removed when the next one begins."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from openyx.cli.showing import kept
from openyx.cli.showing.gallery import PREFIX, Place

_JUST_BEGUN = 60.0
"""Seconds in which a demo may lie there and not serve yet."""


def clear() -> None:
    """Remove the folders of this user's demos that nobody serves any more, with the files that came out."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_own(folder) and not kept.process_of(Place(folder=folder)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    """Whether a demo of this user made the folder, and not just now; others share the folder for temporary files."""
    try:
        about = folder.lstat()
    except FileNotFoundError:
        return False
    mine = sys.platform == "win32" or about.st_uid == os.getuid()
    return mine and folder.is_dir() and not folder.is_symlink() and time.time() - about.st_mtime > _JUST_BEGUN
