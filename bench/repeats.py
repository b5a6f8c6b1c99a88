"""The same bits each time: a workflow again and again, on one, two and eight threads."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Figure
from bench.pipeline import write_inputs

ROWS = 200_000
TIMES = {"1": 34, "2": 33, "8": 33}


def measure() -> Iterator[Figure]:
    """How many different results there were: records in their order, doubles bit by bit."""
    with tempfile.TemporaryDirectory() as folder:
        write_inputs(Path(folder), ROWS)
        results = [result for threads, times in TIMES.items() for result in _results(folder, threads, times)]
    different = len(set(results))
    yield Figure(
        what=f"results of {len(results)} runs on {', '.join(TIMES)} threads",
        value=f"{different} different",
        wanted="1",
        met=different == 1,
    )


def _results(folder: str, threads: str, times: int) -> list[str]:
    command = [sys.executable, "-m", "bench.programs.repeats", folder, str(times)]
    environment = {**os.environ, "POLARS_MAX_THREADS": threads}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
