"""The demo's gallery that stays up: where it is, how it is ended, the profile that leads to it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.cli.showing.gallery import ENDING, Keys, Place, Serving
from openyx.errors import Conflict, FolderInUse, NotFound

if TYPE_CHECKING:
    from openyx.cli.shell.session import Session

PROFILE = "demo"
_LOOK = 0.05


def refuse_second() -> None:
    """Raise ``Conflict`` when one is up already, or when the profile's name is taken by something else."""
    place = _kept()
    if place is not None and process_of(place):
        raise Conflict("the demo's gallery is up already", hint="yx demo --stop ends it")
    from openyx.client.access.profiles import Profiles

    if place is None and PROFILE in Profiles.load().profiles:
        raise Conflict(
            f"there is a profile called {PROFILE!r} that is not the demo's", hint=f"yx logout --profile {PROFILE}"
        )


def remember(place: Place, gallery: Serving, keys: Keys) -> str:
    """Note where it is and store a profile that leads to it; the flag that names the profile, where one must."""
    note = _note()
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({"folder": str(place.folder)}), encoding="utf-8")
    return _store_profile(gallery, keys)


def stop(session: Session) -> None:
    """End the gallery and forget it, its profile too; the files that its jobs made stay."""
    place = _kept()
    process = process_of(place) if place is not None else 0
    if place is None:
        raise NotFound("no gallery of the demo is up", hint="yx demo --keep starts one")
    if process:
        _end(place, process)
    _forget_profile()
    place.clear()
    _note().unlink(missing_ok=True)
    session.say("The demo's gallery is ended." if process else "The demo's gallery was ended already.")


def _end(place: Place, process: int) -> None:
    """End it, and wait until it holds its folder no more and is gone."""
    os.kill(process, signal.SIGTERM)
    until = time.monotonic() + ENDING
    while process_of(place) == process or _alive(process):
        if time.monotonic() > until:
            os.kill(process, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            return
        time.sleep(_LOOK)


def _alive(process: int) -> bool:
    """Whether a process is still there; on Windows its lock says enough, and asking would end it."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _note() -> Path:
    """The file that says where the gallery is."""
    from platformdirs import user_state_path

    return user_state_path("openyx") / "demo.json"


def _kept() -> Place | None:
    try:
        return Place(folder=Path(json.loads(_note().read_text(encoding="utf-8"))["folder"]))
    except FileNotFoundError:
        return None


def process_of(place: Place) -> int:
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


def _store_profile(gallery: Serving, keys: Keys) -> str:
    from openyx import settings
    from openyx.client.access import keeping
    from openyx.client.access.profiles import Profile, Profiles
    from openyx.client.access.secret import Secret

    key, secret = keys.user
    profile = Profile(url=gallery.address, key=key, secret="file", family="oauth2", prefix="/webapi")  # noqa: S106 - where it is
    profiles = Profiles.load().put(PROFILE, profile)
    keeping.keep(profiles, PROFILE, profile, Secret(secret))
    profiles.save()
    elsewhere = any(setting.given(os.environ) for setting in (settings.URL, settings.KEY, settings.PROFILE))
    return f" --profile {PROFILE}" if elsewhere or profiles.default != PROFILE else ""


def _forget_profile() -> None:
    from openyx.client.access import keeping
    from openyx.client.access.profiles import Profiles

    profiles = Profiles.load()
    profile = profiles.profiles.get(PROFILE)
    if profile is not None:
        keeping.forget(profiles, PROFILE, profile)
        profiles.remove(PROFILE).save()
