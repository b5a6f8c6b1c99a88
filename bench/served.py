"""A gallery as real processes, with a workflow published to it, for benchmarks that ask it over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from openyx import Gallery

YX = [sys.executable, "-m", "openyx"]


@dataclass(frozen=True, slots=True)
class Served:
    """A gallery that runs: its address, its data folder and process, a client with a user key, and a token."""

    origin: str
    data: Path
    pid: int
    gallery: Gallery
    token: str
    workflow_id: str

    @property
    def start_url(self) -> str:
        """Where a run of the workflow is asked for."""
        return f"{self.origin}/webapi/v3/workflows/{self.workflow_id}/jobs"


@contextmanager
def serving(folder: Path, *, workers: int) -> Generator[Served]:
    """``yx serve`` on a free port while the block runs; the workflow is a small one of the samples."""
    data = folder / "data"
    process = subprocess.Popen(
        [*YX, "serve", "--port", "0", "--data", str(data), "--workers", str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        assert process.stdout is not None
        address = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        origin = address.removesuffix("/gallery/")
        made = subprocess.run([*YX, "keys", "create", "--data", str(data), "--json"], capture_output=True, check=True)
        subprocess.run([*YX, "samples", str(folder / "samples")], capture_output=True, check=True)
        key = json.loads(made.stdout)
        with Gallery(address, key["key"], key["secret"]) as gallery:
            published = gallery.publish(folder / "samples" / "Best customers.yxmd")
            yield Served(origin, data, process.pid, gallery, _token(origin, key), published.id)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _token(origin: str, key: dict[str, str]) -> str:
    asked = {"grant_type": "client_credentials", "client_id": key["key"], "client_secret": key["secret"]}
    answer = httpx2.post(f"{origin}/webapi/oauth2/token", data=asked)
    token: str = answer.raise_for_status().json()["access_token"]
    return token
