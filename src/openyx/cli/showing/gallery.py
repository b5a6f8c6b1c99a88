"""A gallery for show: ``yx serve`` as a process of its own, in a folder of its own, on a free loopback port."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openyx.cli.shell.extras import extra
from openyx.errors import Unreachable

ENDING = 15.0
"""How many seconds a gallery gets to end by itself."""
PREFIX = "openyx-demo-"
"""How the folders of galleries for show begin, among those for temporary files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The two keys of a gallery: of its studio for OAuth 1.0a, of its user for OAuth 2. Secrets print as nothing."""

    studio: tuple[str, str]
    user: tuple[str, str]

    def __repr__(self) -> str:
        return "Keys()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a gallery for show lies: its data, its log, the samples, and the files that its jobs made."""

    folder: Path

    @classmethod
    def made(cls) -> Place:
        """A new folder for temporary files."""
        return cls(folder=Path(tempfile.mkdtemp(prefix=PREFIX)))

    @property
    def data(self) -> Path:
        """The gallery's data folder."""
        return self.folder / "gallery"

    @property
    def log(self) -> Path:
        """What the gallery logs."""
        return self.folder / "gallery.log"

    @property
    def samples(self) -> Path:
        """The sample workflows."""
        return self.folder / "samples"

    @property
    def results(self) -> Path:
        """Where the files of the jobs are saved."""
        return self.folder / "results"

    def clear(self, *, results: bool = False) -> None:
        """Remove all that is no result; with *results* those too."""
        for path in (self.data, self.samples):
            shutil.rmtree(path, ignore_errors=True)
        self.log.unlink(missing_ok=True)
        if results:
            shutil.rmtree(self.folder, ignore_errors=True)


def make_keys(data: Path) -> Keys:
    """A studio key and a user key for the gallery in *data*."""
    with extra("server", what="a gallery of your own"):
        from openyx.store import KeyKind, open_store

    with open_store(data) as store:
        made = [store.keys.create(kind) for kind in (KeyKind.STUDIO, KeyKind.USER)]
    studio, user = ((each.key.key, each.secret.reveal()) for each in made)
    return Keys(studio=studio, user=user)


@dataclass(slots=True)
class Serving:
    """A gallery's process, which may still be starting."""

    process: subprocess.Popen[bytes]
    log: Path
    _address: str = ""

    @property
    def address(self) -> str:
        """Where it listens; known as soon as it does. Raises ``Unreachable`` when it ends instead."""
        if not self._address:
            assert self.process.stdout is not None
            announced = self.process.stdout.readline()
            if not announced:
                self.process.wait()
                raise Unreachable(f"the gallery did not start: {_last_words(self.log)}")
            self._address = json.loads(announced)["url"]
        return self._address

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        else:
            self.process.terminate()
        try:
            self.process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def start(place: Place, *, tied: bool) -> Serving:
    """Start a gallery. A *tied* one ends with this process, however that ends; another one goes on without it."""
    command = [sys.executable, "-m", "openyx", "serve", "--json", "--port", "0", "--data", str(place.data)]
    with place.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--tied"] if tied else command,
            stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    return Serving(process, place.log)


@contextmanager
def serving(place: Place) -> Generator[Serving]:
    """A gallery that lives as long as the block."""
    gallery = start(place, tied=True)
    try:
        yield gallery
    finally:
        gallery.stop()


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
