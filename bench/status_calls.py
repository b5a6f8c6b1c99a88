"""A thousand job-status calls on a kept connection, against a bare loop and against alteryx-gallery-py."""

from __future__ import annotations

from collections.abc import Iterator

from bench.loopback import JOB, server
from bench.measuring import PEERS, Figure, paired, told

CALLS = "1000"


def measure() -> Iterator[Figure]:
    """The ratios."""
    with server({"/jobs/": JOB}) as address:
        bare = paired(lambda: told("status_ours.py", address, CALLS), lambda: told("status_floor.py", address, CALLS))
        yield bare.figure("1,000 status calls against httpx2 with a signature made beforehand", most=1.3)
        if not PEERS.exists():
            yield Figure(what="against alteryx-gallery-py", value="not installed (make peers)")
            return
        peer = paired(
            lambda: told("status_ours.py", address, CALLS),
            lambda: told("status_gallery_py.py", address, CALLS, python=PEERS),
        )
        yield peer.figure("1,000 status calls against alteryx-gallery-py", least_faster=2.5)
