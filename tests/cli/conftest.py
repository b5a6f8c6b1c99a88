"""The command line as people and programs meet it: real processes, in a pipe and on a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from openyx.cli.shell import shipped
from openyx.client.access import keeping
from openyx.client.access.profiles import Profile, Profiles
from openyx.client.access.secret import Secret
from tests.stores import SERVER, database_of

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error that it told as JSON, in the last line."""
        return json.loads(self.err.splitlines()[-1])["error"]  # type: ignore[no-any-return]  # JSON

    @property
    def lines(self) -> list[str]:
        """The lines of data."""
        return self.out.splitlines()


@dataclass(frozen=True, slots=True)
class Served:
    """A gallery that runs: its address, and a key with its secret for each kind."""

    address: str
    data: Path
    keys: Mapping[str, tuple[str, str]]


class Yx:
    """Runs ``python -m openyx`` with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
        self.env: dict[str, str] = kept | {
            "HOME": str(home),
            "USERPROFILE": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "TMPDIR": str(home / "tmp"),
        }
        (home / "tmp").mkdir(parents=True)

    def log_in(self, gallery: Served, *, profile: str = "default", kind: str = "user") -> None:
        """Store a profile for a gallery, its secret in a file, as ``yx login`` does."""
        key, secret = gallery.keys[kind]
        stored = Profile(url=gallery.address, key=key, secret="file")
        profiles = Profiles.load({"OPENYX_CONFIG": str(self.profiles)}).put(profile, stored)
        keeping.keep(profiles, profile, stored, Secret(secret))
        profiles.save()

    @property
    def profiles(self) -> Path:
        """The file of profiles."""
        return self.home / "config" / "openyx" / "profiles.toml"

    def command(self, *arguments: str | Path) -> list[str]:
        """The command line of a process."""
        return [sys.executable, "-m", "openyx", *map(str, arguments)]

    def environment(self, arguments: Sequence[str | Path]) -> dict[str, str]:
        """That of a command with these arguments: the gallery that it names may be on a server."""
        if not SERVER or "--data" not in arguments:
            return self.env
        return self.env | {"OPENYX_STORE": database_of(Path(arguments[list(arguments).index("--data") + 1]))}

    def __call__(
        self, *arguments: str | Path, given: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Ended:
        """Run to the end, with *given* on standard input, in pipes."""
        done = subprocess.run(
            self.command(*arguments),
            input=given.encode(),
            capture_output=True,
            env=self.environment(arguments) | dict(env or {}),
            cwd=cwd,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def yx(tmp_path: Path) -> Yx:
    """The command, at home in an empty folder."""
    return Yx(tmp_path / "home")


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """A gallery with a worker, as real processes, that holds the samples."""
    yield from _gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="session")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """A gallery that holds the samples and has no worker: what is started waits for ever."""
    yield from _gallery(tmp_path_factory.mktemp("idle"), "--workers", "0")


def _gallery(folder: Path, *more: str) -> Generator[Served]:
    yx = Yx(folder / "home")
    data = folder / "data"
    keys = {kind: yx("keys", "create", "--kind", kind, "--data", data, "--json").json for kind in ("user", "studio")}
    with serving(yx, data, *more) as address:
        served = Served(address, data, {kind: (key["key"], key["secret"]) for kind, key in keys.items()})
        yx.log_in(served)
        shipped.write(folder / "samples")
        for path in sorted((folder / "samples").glob("*.yx*")):
            done = yx("publish", path)
            assert done.code == 0, done.err
        yield served


@contextmanager
def serving(yx: Yx, data: Path, *more: str) -> Generator[str]:
    """``yx serve`` on a free port while the block runs; its address."""
    arguments: tuple[str | Path, ...] = ("serve", "--json", "--port", "0", "--data", data, "--tied", *more)
    with (data.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            yx.command(*arguments),
            env=yx.environment(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    with process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.communicate(timeout=PATIENCE)
