"""The sample workflows that come with the package, and the data that they need."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path

from openyx.client.saving import writing
from openyx.errors import Conflict

RECEIPTS = 120_000
STORES = ("Harbour", "Old Town", "Station", "Université")


def write(folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write all samples into *folder*, which is made; the paths, workflows first.

    Raises ``Conflict`` before anything is written when a file is there already and may not be written over, and what
    :func:`writing` raises.
    """
    contents = {folder / name: content for name, content in _contents()}
    taken = [path for path in contents if path.exists()]
    if taken and not overwrite:
        raise Conflict(f"{taken[0]} is there already", hint="name another folder, or say --overwrite")
    with writing(folder):
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return sorted(contents, key=lambda path: (path.suffix == ".csv", path.name))


def _contents() -> Iterator[tuple[str, bytes]]:
    yield from _shipped(files("openyx.cli") / "workflows", "")
    yield "data/receipts.csv", receipts().encode()


def _shipped(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _shipped(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()


def receipts(count: int = RECEIPTS) -> str:
    """A quarter's receipts as CSV, the same on every machine: number, store, moment, amount."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("Receipt", "Store", "Sold at", "Amount"))
    days = [str(date(2026, 1, 1) + timedelta(days=day)) for day in range(90)]
    for number, chance in enumerate(_chances(count)):
        store, second, cents = STORES[chance % len(STORES)], chance // 7 % 43_200, 150 + chance // 11 % 4_850
        clock = f"{7 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        day = days[number * len(days) // count]
        lines.writerow((number + 1, store, f"{day} {clock}", f"{cents // 100}.{cents % 100:02}"))
    return text.getvalue()


def _chances(count: int) -> Iterator[int]:
    """Numbers that look like chance and never change (a linear congruential generator)."""
    state = 2026
    for _ in range(count):
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        yield state >> 33
