"""csv → formula → filter → join → summarize → sort → csv as a workflow file, against the same by hand."""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isclose
from pathlib import Path

import polars as pl

from bench.measuring import PROGRAMS, Figure

SIZES = {"1 M": (1_000_000, 7), "10 M": (10_000_000, 5)}
CUSTOMERS = 50_000
PEERS = {
    "polars": "hand-written Polars with the same answer",
    "duckdb": "DuckDB's SQL with the same ORDER BYs",
    "unordered": "hand-written Polars whose sums may differ in their last digits",
    "pandas": "pandas",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way cost in each round: seconds and peak megabytes."""

    seconds: Sequence[float]
    megabytes: Sequence[float]


def measure() -> Iterator[Figure]:
    """Each way in a process of its own, in turn; all must give the same answer."""
    for size, (rows, rounds) in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            yield from _measured(size, Path(folder), rows, rounds)


def _measured(size: str, folder: Path, rows: int, rounds: int) -> Iterator[Figure]:
    write_inputs(folder, rows)
    ways = ["openyx", *PEERS, "uncounted"]
    runs = [{way: _run(way, folder) for way in ways} for _ in range(rounds)]
    for peer in PEERS:
        _check_same(folder / "openyx.csv", folder / f"{peer}.csv")
    costs = {way: Cost(*zip(*((run[way][1], run[way][0]) for run in runs), strict=True)) for way in ways}
    ours = costs["openyx"]
    for peer, name in PEERS.items():
        ratio = _ratio(ours.seconds, costs[peer].seconds)
        most = {"polars": 1.3, "duckdb": 1.0, "pandas": 1.0}.get(peer)
        value = f"{ratio:.2f}x, {_middle(ours.seconds):.2f} s against {_middle(costs[peer].seconds):.2f} s"
        yield _figure(f"{size} records, {name}", value, ratio, most)
    memory = _ratio(ours.megabytes, costs["polars"].megabytes)
    told = f"{memory:.2f}x, {_middle(ours.megabytes):.0f} MB against {_middle(costs['polars'].megabytes):.0f} MB"
    yield _figure(f"{size} records, peak memory against Polars", told, memory, 1.5)
    without = _ratio(costs["uncounted"].seconds, costs["polars"].seconds)
    yield Figure(what=f"{size} records, without record counts", value=f"{without:.2f}x of Polars")


def write_inputs(folder: Path, rows: int) -> None:
    """Orders, and the customers that they name, as CSV files; the same each time."""
    step = 500_000
    with (folder / "orders.csv").open("wb") as file:
        for start in range(0, rows, step):
            _orders(start, min(rows, start + step)).write_csv(file, include_header=start == 0)
    number = pl.int_range(CUSTOMERS, eager=True)
    pl.DataFrame(
        {
            "Customer": _customer(number),
            "Region": "Region " + (number.hash(6) % 20).cast(pl.String),
            "Segment": "S" + (number.hash(7) % 5).cast(pl.String),
        }
    ).write_csv(folder / "customers.csv")


def _orders(start: int, end: int) -> pl.DataFrame:
    number = pl.int_range(start, end, eager=True)
    return pl.DataFrame(
        {
            "Order": number + 1,
            "Customer": _customer(number.hash(1) % CUSTOMERS),
            "Product": "P" + (number.hash(2) % 500).cast(pl.String),
            "Amount": (number.hash(3) % 50_000).cast(pl.Float64) / 100,
            "Quantity": number.hash(4) % 10 + 1,
            "Date": "2024-01-" + (number.hash(5) % 28 + 1).cast(pl.String).str.zfill(2),
        }
    )


def _customer(numbers: pl.Series) -> pl.Series:
    return "C" + numbers.cast(pl.String).str.zfill(6)


def _run(way: str, folder: Path) -> tuple[float, float]:
    """Megabytes and seconds of one process."""
    command: list[str | Path] = [sys.executable, PROGRAMS / "pipeline.py", way, folder]
    megabytes, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(megabytes), float(seconds)


def _check_same(ours: Path, theirs: Path) -> None:
    """The same rows in the same order, numbers to the fifteen digits that are shown."""
    with ours.open(newline="") as one, theirs.open(newline="") as other:
        pairs = list(zip(csv.reader(one), csv.reader(other), strict=True))
    for mine, their in pairs[1:]:
        assert [mine[0], mine[1], mine[4]] == [their[0], their[1], their[4]]
        assert all(isclose(float(a), float(b), rel_tol=1e-12) for a, b in zip(mine[2:4], their[2:4], strict=True))


def _figure(what: str, value: str, ratio: float, most: float | None) -> Figure:
    if most is None:
        return Figure(what=what, value=value)
    return Figure(what=what, value=value, wanted=f"<= {most}x", met=ratio <= most)


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(mine / their for mine, their in zip(ours, theirs, strict=True))


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values)
