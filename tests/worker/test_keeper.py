"""The worker beside a server is started again when it dies, later each time, unless it had lived well."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

import openyx.worker.backoff
from openyx.cli.serving import workers
from tests.worker.conftest import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a program that ends at once")


@pytest.mark.parametrize(
    ("healthy", "pauses"), [(3600.0, [0.001, 0.002, 0.004]), (0.0, [0.001, 0.001, 0.001])], ids=["at once", "later"]
)
def test_the_pause_grows_with_deaths_in_a_row_and_begins_anew_after_a_healthy_life(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    healthy: float,
    pauses: list[float],
) -> None:
    dies = tmp_path / "dies"
    dies.write_text("#!/bin/sh\nexit 3\n")
    dies.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(dies))
    monkeypatch.setattr(openyx.worker.backoff, "FIRST", 0.001)
    monkeypatch.setattr(workers, "HEALTHY", healthy)

    def told() -> list[float]:
        return [record.__dict__["fields"]["pause"] for record in caplog.records if "died" in record.message]

    until = time.monotonic() + PATIENCE
    with workers.workers(tmp_path, 1):
        while len(told()) < len(pauses):
            assert time.monotonic() < until, "no other worker is started"
            time.sleep(0.01)
    assert told()[: len(pauses)] == pauses
