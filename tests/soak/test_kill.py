"""A job is never lost, whoever is killed, and whenever."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.kill import campaign
from tests.soak.length import LONG
from tests.stores import SERVER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by what only Linux has")
SEED = int(os.environ.get("OPENYX_TEST_SEED", "11"))


def test_a_job_is_never_lost_whoever_is_killed(tmp_path: Path, told: Callable[[object], None]) -> None:
    counts = campaign(tmp_path, kills=1000 if LONG else 50, seed=SEED, server=SERVER)
    told(counts)
    assert counts.account.wrong == []
    assert counts.account.runs
    assert counts.account.outputs
