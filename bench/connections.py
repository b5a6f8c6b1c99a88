"""What a server takes while 64 clients ask it without a pause."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Figure
from bench.programs.drive import drive, request
from bench.served import Served, serving

CLIENTS = 64
REQUESTS = 4_000
ROUNDS = 5


def measure() -> Iterator[Figure]:
    """Megabytes after each round: status calls and starts in turn."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), workers=0) as served:
        start = request("POST", served.start_url, token=served.token, body=b'{"questions":[]}')
        listed = f"{served.origin}/openyx/v1/jobs?limit=20"
        megabytes: list[float] = []
        for _ in range(ROUNDS):
            drive(served.start_url, start, times=REQUESTS // 4, clients=CLIENTS)
            drive(listed, request("GET", listed, token=served.token), times=REQUESTS, clients=CLIENTS)
            megabytes.append(_resident(served))
    shown = ", ".join(f"{each:.0f}" for each in megabytes)
    yield Figure(what=f"memory of the server under {CLIENTS} connections", value=f"{shown} MB, round by round")


def _resident(served: Served) -> float:
    status = Path(f"/proc/{served.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
