"""What was answered is on disk: nothing of it is lost with the power."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.calls import can_watch
from tests.soak.length import LONG
from tests.soak.power import lose_power, make_a_key

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not can_watch(), reason="strace is not installed, or may not look"),
]


def test_what_was_answered_survives_the_loss_of_power(tmp_path: Path, told: Callable[[object], None]) -> None:
    losses = lose_power(tmp_path, jobs=200 if LONG else 12, seed=1)
    told(losses)
    assert not losses.wrong
    assert losses.ends
    assert losses.uploads


def test_a_new_gallery_is_on_disk_when_its_first_key_is_told(tmp_path: Path) -> None:
    assert make_a_key(tmp_path) == []
