"""Two hundred run-and-wait at once through AsyncGallery, and what they cost in memory."""

from __future__ import annotations

from collections.abc import Iterator

from bench.loopback import JOB, server
from bench.measuring import Figure, told
from bench.startup import WORKFLOW


def measure() -> Iterator[Figure]:
    """The peak of the whole client process, and what is left of it without the 200 jobs."""
    answers = {"subscription": b"[" + WORKFLOW + b"]", "/questions/": b"[]", "/jobs/": JOB}
    with server(answers) as address:
        peak = told("run_and_wait.py", address, "200")
        one = told("run_and_wait.py", address, "1")
    yield Figure(
        what="peak memory of 200 at once",
        value=f"{peak:.0f} MB ({one:.0f} MB for one)",
        wanted="<= 150 MB",
        met=peak <= 150,
    )
