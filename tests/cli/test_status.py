"""How a gallery is doing: told to its curators, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openyx.cli.status import room
from tests.stores import SERVER

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx


def test_queue_workers_and_disks_are_shown(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery)
    assert yx("run", "Best customers").code == 0
    status = yx("status", "--json").json
    assert status["database"] == ("PostgreSQL" if SERVER else "SQLite")
    assert status["queue"] == {"waiting": 0, "oldestWait": None, "running": 0}
    (worker,) = status["workers"]
    assert (worker["slots"], worker["silent"]) == (1, False)
    assert 0 < status["data"]["free"] <= status["data"]["total"]
    lines = yx("status").lines
    assert "Waiting\t0" in lines
    assert any(line.split("\t")[:3] == [worker["name"], worker["host"], "1"] for line in lines)


def test_what_waits_without_a_worker_is_counted(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    (job,) = yx("run", "Best customers", "--no-wait").lines
    status = yx("status", "--json").json
    assert status["workers"] == []
    assert status["queue"]["waiting"] >= 1
    assert status["queue"]["oldestWait"] >= 0
    assert yx("jobs", "cancel", job).code == 0


def test_it_is_not_told_to_the_key_of_a_studio(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery, kind="studio")
    refused = yx("status", "--json")
    assert (refused.code, refused.error["code"]) == (3, "not_allowed")


def test_the_room_on_a_disk_is_told_in_units_that_fit_it() -> None:
    assert room(1_500_000, 64_000_000) == "1.5 MB of 64 MB free"
    assert room(0, 2_000_000_000_000) == "0 bytes of 2 TB free"
    assert room(0, 0) == "unknown"
