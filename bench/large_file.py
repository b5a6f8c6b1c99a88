"""csv → filter → summarize over 3 GB: how much memory it takes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from bench.measuring import PROGRAMS, Figure

GIGABYTES = 3


def measure() -> Iterator[Figure]:
    """Peak memory of a process that runs the workflow."""
    with tempfile.TemporaryDirectory() as folder:
        written = _write(Path(folder) / "large.csv")
        command: list[str | Path] = [sys.executable, PROGRAMS / "large_file.py", folder]
        megabytes, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    peak = float(megabytes)
    value = f"{peak:.0f} MB over {written / 1e9:.1f} GB in {float(seconds):.0f} s"
    yield Figure(what="peak memory", value=value, wanted="< 2000 MB", met=peak < 2000)


def _write(path: Path) -> int:
    number = pl.int_range(1_000_000, eager=True)
    block = pl.DataFrame(
        {
            "Shop": "S" + (number.hash(1) % 300).cast(pl.String),
            "Amount": (number.hash(2) % 100_000).cast(pl.Float64) / 100,
            "Note": "note " + number.hash(3).cast(pl.String),
            "Number": number,
        }
    )
    with path.open("wb") as file:
        block.write_csv(file)
        while file.tell() < GIGABYTES * 1_000_000_000:
            block.write_csv(file, include_header=False)
        return file.tell()
