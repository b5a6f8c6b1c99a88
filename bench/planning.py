"""Many tools and few records: what opening, checking, planning and starting cost."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from bench.measuring import Figure, told


def measure() -> Iterator[Figure]:
    """Seconds within a process, imports apart; the bound is one of patience and not of a peer."""
    for what, way, tools, rows in (
        ("100 tools opened, checked and planned", "plan", 100, 3),
        ("20 tools over 100 records, from file to result", "run", 20, 100),
    ):
        seconds = statistics.median(told("planning.py", way, str(tools), str(rows)) for _ in range(7))
        yield Figure(what=what, value=f"{seconds:.3f} s", wanted="<= 0.3 s", met=seconds <= 0.3)
