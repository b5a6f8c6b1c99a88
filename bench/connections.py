"""What a server takes while 64 clients ask it without a pause, round by round."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Figure
from bench.programs.drive import drive, request
from bench.served import Served, serving

CLIENTS = 64
REQUESTS = 500
WARM = 4
ROUNDS = 12


def measure() -> Iterator[Figure]:
    """Megabytes after each round, and how much more they are in the last third of the rounds than in the second.

    In the rounds to warm up every thread gets its connection to the database, and every connection its pages.
    """
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), workers=0) as served:
        for _ in range(WARM):
            _round(served)
        megabytes = [_round(served) for _ in range(ROUNDS)]
    shown = " ".join(f"{each:.0f}" for each in megabytes)
    yield Figure(what=f"memory of the server under {CLIENTS} connections", value=f"{shown} MB, round by round")
    third = ROUNDS // 3
    growth = max(megabytes[-third:]) / max(megabytes[-2 * third : -third]) - 1
    yield Figure(
        what="its growth from the second third of the rounds to the last",
        value=f"{growth:.1%}",
        wanted="<= 5 %",
        met=growth <= 0.05,
    )


def _round(served: Served) -> float:
    """Starts, pages of the list and looks at a workflow, each over new connections; megabytes afterwards."""
    start = request("POST", served.start_url, token=served.token, body=b'{"questions":[]}')
    drive(served.start_url, start, times=REQUESTS, clients=CLIENTS)
    for path in ("/openyx/v1/jobs?limit=20", f"/webapi/v3/workflows/{served.workflow_id}"):
        url = served.origin + path
        drive(url, request("GET", url, token=served.token), times=REQUESTS, clients=CLIENTS)
    return _resident(served)


def _resident(served: Served) -> float:
    status = Path(f"/proc/{served.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
