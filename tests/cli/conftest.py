"""The command line as people and programs meet it: real processes, in a pipe and on a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
        """The error that it told as JSON."""
        return json.loads(self.err)["error"]  # type: ignore[no-any-return]

    @property
    def lines(self) -> list[str]:
        """The lines of data."""
        return self.out.splitlines()


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

    def command(self, *arguments: str | Path) -> list[str]:
        """The command line of a process."""
        return [sys.executable, "-m", "openyx", *map(str, arguments)]

    def __call__(
        self, *arguments: str | Path, given: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Ended:
        """Run to the end, with *given* on standard input, in pipes."""
        done = subprocess.run(
            self.command(*arguments),
            input=given.encode(),
            capture_output=True,
            env=self.env | dict(env or {}),
            cwd=cwd,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def yx(tmp_path: Path) -> Yx:
    """The command, at home in an empty folder."""
    return Yx(tmp_path / "home")
