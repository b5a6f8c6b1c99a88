"""A million jobs in the store against ten thousand: status, list pages, and taking the next one."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from bench.measuring import Figure, told
from bench.programs.drive import drive, request
from bench.served import Served, serving

FEW, MANY = 10_000, 1_000_000
TIMES = 100
ROUNDS = 7
BODY = b'{"questions":[]}'
A_JOB = f"{5_000:024x}"
QUESTIONS = {
    "status of a job": "/webapi/v3/jobs/{job}",
    "a page of all jobs with their number (V3)": "/webapi/v3/jobs?limit=50&offset=0",
    "a page of a workflow's jobs (V3)": "/webapi/v3/workflows/{workflow}/jobs?limit=50&offset=0",
    "a page of all jobs, newest first": "/openyx/v1/jobs?limit=50",
}

_COPY = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :jobs)
INSERT INTO jobs ({names}) SELECT {values} FROM jobs CROSS JOIN numbers WHERE jobs.id = :id
"""


def measure() -> Iterator[Figure]:
    """The same questions to two galleries, in turn; medians of the milliseconds that each takes."""
    with ExitStack() as stack:
        galleries = [_filled(stack, jobs) for jobs in (FEW, MANY)]
        few: list[float]
        many: list[float]
        for what, path in QUESTIONS.items():
            few, many = [], []
            for _ in range(ROUNDS):
                for served, found in zip(galleries, (few, many), strict=True):
                    url = served.origin + path.format(job=A_JOB, workflow=served.workflow_id)
                    sent = request("GET", url, token=served.token)
                    found.append(statistics.median(drive(url, sent, times=TIMES, clients=1).waits))
            yield _figure(what, few, many)
        few, many = [], []
        for _ in range(ROUNDS):
            for served, found in zip(galleries, (few, many), strict=True):
                _drive_starts(served)
                found.append(told("claiming.py", str(served.data), str(TIMES)) * 1000 / TIMES)
        yield _figure("taking the next job", few, many)


def _filled(stack: ExitStack, jobs: int) -> Served:
    """A gallery with so many jobs that are over."""
    served = stack.enter_context(serving(Path(stack.enter_context(tempfile.TemporaryDirectory())), workers=0))
    _drive_starts(served, times=1)
    with closing(sqlite3.connect(served.data / "gallery.sqlite", isolation_level=None)) as database:
        database.execute("UPDATE jobs SET state = 'finished', disposition = 'Success', finished_at = queued_at + 5000")
        found = database.execute("SELECT * FROM jobs")
        names = [column[0] for column in found.description if column[0] != "sequence"]
        (first,) = database.execute("SELECT id FROM jobs").fetchone()
        values = ", ".join("printf('%024x', n)" if name == "id" else name for name in names)
        database.execute(_COPY.format(names=", ".join(names), values=values), {"jobs": jobs - 1, "id": first})
    return served


def _drive_starts(served: Served, times: int = TIMES) -> None:
    sent = request("POST", served.start_url, token=served.token, body=BODY)
    drive(served.start_url, sent, times=times, clients=1)


def _figure(what: str, few: list[float], many: list[float]) -> Figure:
    ratio = statistics.median(more / less for less, more in zip(few, many, strict=True))
    return Figure(
        what=f"{what}, 1 M jobs against 10 k",
        value=f"{ratio:.2f}x, {statistics.median(many):.2f} ms against {statistics.median(few):.2f} ms",
        wanted="<= 1.2x",
        met=ratio <= 1.2,
    )
