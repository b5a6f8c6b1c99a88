"""The demo's gallery that stays up: where it is, how it is ended, the profile that leads to it."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.cli.showing.gallery import ENDING, Keys, Place, Serving
from openyx.errors import Conflict, FolderInUse, NotFound

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session

PROFILE = "demo"


def _note() -> Path:
    """The file that says where the gallery is."""
    from platformdirs import user_state_path

    return user_state_path("openyx") / "demo.json"


def refuse_second(session: Session) -> None:
    """Raise ``Conflict`` when one is up already."""
    place = _kept()
    if place is not None and _process(place):
        raise Conflict("the demo's gallery is up already", hint="yx demo --stop ends it")


def _kept() -> Place | None:
    try:
        return Place(folder=Path(json.loads(_note().read_text(encoding="utf-8"))["folder"]))
    except FileNotFoundError:
        return None


def _process(place: Place) -> int:
    """The process that holds the gallery's data folder; 0 when none does.

    The lock, and not a number that was written down, says which process it is: numbers are given again.
    """
    if not place.data.is_dir():
        return 0
    from openyx.store import DataFolder

    lock = DataFolder(place.data).server_lock()
    try:
        lock.acquire()
    except FolderInUse as held:
        return held.pid
    lock.release()
    return 0
