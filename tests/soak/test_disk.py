"""A disk that is full, or that may only be read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.soak.cast import ROOT
from tests.soak.length import LONG

_ALONE = ["unshare", "--map-root-user", "--mount"]


@cache
def may_mount() -> bool:
    """Whether a namespace of one's own is to be had, and disks in it."""
    if not shutil.which("unshare"):
        return False
    mount = [*_ALONE, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(mount, check=False, capture_output=True).returncode == 0


pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not may_mount(), reason="this system lets nobody mount a disk of his own"),
]


def alone(*arguments: object) -> Any:
    command = [*_ALONE, sys.executable, "-m", "tests.soak.full", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_full_disk_is_said_and_loses_nothing_that_was_answered(
    tmp_path: Path, told: Callable[[object], None]
) -> None:
    (tmp_path / "disk").mkdir()
    times = 20 if LONG else 1
    found = alone("full", tmp_path / "disk", times)
    told(
        f"the disk was full {times} times, answers {found['statuses']}: {found['counts']}; {len(found['wrong'])} wrong"
    )
    assert found["wrong"] == []
    assert found["statuses"]["507"]


def test_a_folder_that_may_only_be_read_is_named_in_one_line(tmp_path: Path) -> None:
    for status, out, err in alone("read-only", tmp_path)["said"]:
        assert status == 2
        assert out == ""
        assert str(tmp_path) in err
        assert "Traceback" not in err
        assert "Read-only" in err
