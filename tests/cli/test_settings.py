"""How the jobs of a workflow may run is shown, and changed bit by bit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx

NAME = "Best customers"


def test_what_is_said_is_changed_and_the_rest_stays(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    assert yx("settings", NAME, "--json").json == {"mostAttempts": 3, "atOnce": None}
    assert yx("settings", NAME, "--at-once", "2", "--json").json == {"mostAttempts": 3, "atOnce": 2}
    assert yx("settings", NAME, "--attempts", "1", "--json").json == {"mostAttempts": 1, "atOnce": 2}
    assert yx("settings", NAME).lines == [f"Name\t{NAME}", "At once\t2", "Attempts\t1"]
    assert yx("settings", NAME, "--no-limit", "--attempts", "3").lines[1:] == ["At once\tno limit", "Attempts\t3"]


def test_a_workflow_is_published_with_its_settings(yx: Yx, idle: Served, tmp_path: Path) -> None:
    yx.log_in(idle)
    (sample, *_) = sorted((idle.data.parent / "samples").glob("*.yxmd"))
    said = ("--name", "Limited", "--at-once", "1", "--attempts", "2")
    assert yx("publish", sample, *said).code == 0
    assert yx("settings", "Limited", "--json").json == {"mostAttempts": 2, "atOnce": 1}
    assert yx("publish", sample, "--name", "Limited", "--new-version", "--attempts", "1").code == 0
    assert yx("settings", "Limited", "--json").json == {"mostAttempts": 1, "atOnce": 1}


@pytest.mark.parametrize(
    "wrong", [("--at-once", "0"), ("--attempts", "4"), ("--attempts", "0"), ("--at-once", "1", "--no-limit")]
)
def test_what_makes_no_sense_is_refused(yx: Yx, idle: Served, wrong: tuple[str, ...]) -> None:
    yx.log_in(idle)
    refused = yx("settings", NAME, *wrong, "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")


def test_the_key_of_a_studio_may_look_and_not_change(yx: Yx, idle: Served) -> None:
    yx.log_in(idle, kind="studio")
    assert yx("settings", NAME, "--json").code == 0
    refused = yx("settings", NAME, "--at-once", "2", "--json")
    assert (refused.code, refused.error["code"]) == (3, "not_allowed")
