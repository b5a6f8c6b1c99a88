"""A gallery as a user starts it, and the third-party programs that speak with it from environments of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = Path(__file__).parent / "programs"
PYTHON = Path(__file__).parents[2] / ".peers" / "python" / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A gallery that listens, with its keys and with the samples published."""

    address: str
    studio: dict[str, str]
    user: dict[str, str]
    samples: dict[str, Path]

    def peer(self, program: str, *arguments: str, typed: str = "") -> str:
        """What a third-party program prints, run unmodified in its own environment."""
        done = subprocess.run(
            [PYTHON, PROGRAMS / program, *arguments], input=typed, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def yx(*arguments: str | Path, environment: dict[str, str] | None = None) -> Any:
    """What ``yx … --json`` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "openyx", *map(str, arguments), "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gallery with server and worker as real processes on a free loopback port."""
    home = tmp_path_factory.mktemp("gallery")
    data, samples = home / "data", home / "samples"
    with (home / "serve.log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "openyx", "serve", "--port", "0", "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "HOME": str(home)},
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://[\d.:]+", line)
        assert found, line + Path(log.name).read_text()
        address = found.group().rstrip("/")
        try:
            studio, user = (yx("keys", "create", "--kind", kind, "--data", data) for kind in ("studio", "user"))
            subprocess.run([sys.executable, "-m", "openyx", "samples", str(samples)], check=True, capture_output=True)
            let_in = {"OPENYX_URL": address, "OPENYX_KEY": user["key"], "OPENYX_SECRET": user["secret"]}
            files = sorted(path for path in samples.rglob("*") if path.suffix in (".yxmd", ".yxwz", ".yxzp"))
            for path in files:
                yx("publish", path, environment=let_in)
            yield Running(address=address, studio=studio, user=user, samples={path.stem: path for path in files})
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
