"""What the trials share: how long they are, and where their counts are printed."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from tests.soak.length import LONG
from tests.soak.place import Place, place
from tests.stores import SERVER

# What a test makes its own gallery for is the same on either database.
collect_ignore = ["test_power.py", "test_disk.py"] if SERVER else ["test_connection.py"]


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Takes the counts of a trial, which are printed when all are done."""
    return lambda counts: record_property("counts", str(counts))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the counts."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    lines = [(report.nodeid.rpartition("::")[2], text) for report in reports for _, text in report.user_properties]
    if LONG and lines:
        terminalreporter.section("counts")
        for name, text in lines:
            terminalreporter.write_line(f"{name}: {text}")


@pytest.fixture
def here(tmp_path: Path) -> Generator[Place]:
    """A gallery, on the database that the tests are run on."""
    with place(tmp_path / "gallery", SERVER) as made:
        yield made
