"""A gallery's queue: how fast runs are asked for durably, and how soon a small workflow's result is there."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measuring import Figure, paired, told
from openyx import Gallery

JOBS = "300"


def measure() -> Iterator[Figure]:
    """What is told of the queue, and of the whole way of a job."""
    with tempfile.TemporaryDirectory() as folder:
        rate = paired(
            lambda: told("enqueue_ours.py", folder, JOBS), lambda: told("enqueue_floor.py", folder, JOBS), runs=5
        )
    per_second = int(JOBS) / statistics.median(rate.ours)
    share = 1 / rate.ratio
    yield Figure(what="durable enqueue", value=f"{per_second:.0f}/s, {share:.0%} of the same bare insert")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as gallery:
        seconds = sorted(_run(gallery) for _ in range(12))
    yield Figure(
        what="a small workflow from start to result over HTTP",
        value=f"median {statistics.median(seconds):.2f} s, slowest of 12 {seconds[-1]:.2f} s",
    )


def _run(gallery: Gallery) -> float:
    begun = time.perf_counter()
    assert gallery.run("Best customers", timeout=60).succeeded
    return time.perf_counter() - begun


@contextmanager
def serving(folder: Path) -> Generator[Gallery]:
    """A gallery with a worker, as real processes, and a sample published to it."""
    yx = [sys.executable, "-m", "openyx"]
    process = subprocess.Popen(
        [*yx, "serve", "--port", "0", "--data", str(folder / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        assert process.stdout is not None
        address = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        made = subprocess.run(
            [*yx, "keys", "create", "--data", str(folder / "data"), "--json"], capture_output=True, check=True
        )
        subprocess.run([*yx, "samples", str(folder / "samples")], capture_output=True, check=True)
        key = json.loads(made.stdout)
        with Gallery(address, key["key"], key["secret"]) as gallery:
            gallery.publish(folder / "samples" / "Best customers.yxmd")
            yield gallery
    finally:
        process.terminate()
        process.wait(timeout=30)
