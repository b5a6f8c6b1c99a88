"""A gallery's queue: how fast runs are asked for durably over HTTP, and how soon they begin."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.measuring import Figure, told
from bench.programs.drive import drive, request
from bench.served import Served, serving

JOBS = 400
ROUNDS = 5
STARTS = 40
BODY = b'{"questions":[]}'


def measure() -> Iterator[Figure]:
    """Enqueuing against a bare insert and an empty handler; then queued to running with a warm child."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), workers=0) as served:
        yield from _enqueuing(served)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), workers=1) as served:
        yield from _starting(served)


def _enqueuing(served: Served) -> Iterator[Figure]:
    start = request("POST", served.start_url, token=served.token, body=BODY)
    health = f"{served.origin}/openyx/v1/health"
    _per_second(served.start_url, start, clients=16)
    one: list[float] = []
    many: list[float] = []
    empty: list[float] = []
    bare: list[float] = []
    ceiling: list[float] = []
    for _ in range(ROUNDS):
        bare.append(JOBS / told("enqueue_floor.py", str(served.data), str(JOBS)))
        one.append(_per_second(served.start_url, start, clients=1))
        many.append(_per_second(served.start_url, start, clients=16))
        empty.append(_per_second(health, request("GET", health), clients=16))
        waits = 1 / bare[-1] + 1 / _per_second(health, request("GET", health), clients=1)
        ceiling.append(1 / waits / bare[-1])
    alone = statistics.median(ours / floor for ours, floor in zip(one, bare, strict=True))
    shared = statistics.median(ours / min(pair) for ours, pair in zip(many, zip(bare, empty, strict=True), strict=True))
    inserts, handled = statistics.median(bare), statistics.median(empty)
    yield Figure(
        what="one client asks for runs",
        value=f"{alone:.0%} of the same bare insert in a loop, {statistics.median(one):.0f}/s of {inserts:.0f}/s; "
        f"an empty handler and then that insert would be {statistics.median(ceiling):.0%}",
        wanted=">= 45%",
        met=alone >= 0.45,
    )
    yield Figure(
        what="16 clients ask for runs",
        value=f"{shared:.0%} of the slower of that insert and an empty handler, "
        f"{statistics.median(many):.0f}/s of {inserts:.0f}/s and {handled:.0f}/s",
        wanted=">= 60%",
        met=shared >= 0.6,
    )


def _per_second(url: str, sent: bytes, *, clients: int) -> float:
    return JOBS / drive(url, sent, times=JOBS, clients=clients).seconds


def _starting(served: Served) -> Iterator[Figure]:
    """Each job is asked for when the child for it is warm: two seconds after the last one ended."""
    for _ in range(STARTS):
        time.sleep(2)
        assert served.gallery.run("Best customers", timeout=60).succeeded
    with closing(sqlite3.connect(served.data / "gallery.sqlite")) as database:
        waits = [wait for (wait,) in database.execute("SELECT started_at - queued_at FROM jobs")]
    assert len(waits) == STARTS
    median, slowest = statistics.median(waits), statistics.quantiles(waits, n=100)[-1]
    yield Figure(
        what="from queued to running with a warm child",
        value=f"median {median:.0f} ms, p99 {slowest:.0f} ms",
        wanted="median <= 100 ms",
        met=median <= 100,
    )
