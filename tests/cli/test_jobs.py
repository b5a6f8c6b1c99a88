"""Jobs are listed, shown, cancelled, and their files and messages fetched later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openyx import Gallery

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx


@pytest.fixture
def job(yx: Yx, gallery: Served) -> str:
    """A job that has ended well."""
    yx.log_in(gallery)
    done = yx("run", "Best customers", "--json")
    assert done.code == 0, done.err
    return str(done.json["id"])


def test_the_newest_job_stands_first(yx: Yx, job: str) -> None:
    listed = yx("jobs", "list", "--limit", "3", "--json")
    assert listed.json[0]["jobId"] == job
    assert yx("jobs", "list", "--limit", "1").lines[0].split("\t")[:3] == [job, "Best customers", "Completed"]
    assert yx("jobs", "list", "--workflow", "Best customers", "--json").json[0]["jobId"] == job


def test_waiting_jobs_are_listed_and_shown_with_their_places_in_the_queue(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    if left := [each["jobId"] for each in yx("jobs", "list", "--status", "Queued", "--json").json]:
        assert yx("jobs", "cancel", *left).code == 0
    first, second = (yx("run", "Best customers", "--no-wait").lines[0] for _ in range(2))
    urgent = yx("run", "Best customers", "--no-wait", "--priority", "High").lines[0]
    wanted = {urgent: 1, first: 2, second: 3}
    for more in ((), ("--workflow", "Best customers"), ("--status", "Queued")):
        listed = yx("jobs", "list", *more, "--json").json
        assert {each["jobId"]: each["position"] for each in listed if each["position"]} == wanted
        lines = [line.split("\t") for line in yx("jobs", "list", *more).lines]
        assert {line[0]: int(line[5]) for line in lines if line[5]} == wanted
    assert "Position\t2" in yx("jobs", "show", first).lines
    assert yx("jobs", "show", second, "--json").json["position"] == 3
    assert yx("jobs", "cancel", *wanted).code == 0


def test_waiting_jobs_are_listed_however_many_newer_ones_are_over(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    key, secret = idle.keys["user"]
    with Gallery(idle.address, key=key, secret=secret) as gallery:
        waiting = gallery.start("Best customers")
        for newer in [gallery.start("Best customers") for _ in range(25)]:
            newer.cancel()
    for more in ((), ("--workflow", "Best customers"), ("--limit", "1")):
        assert [line.split("\t")[0] for line in yx("jobs", "list", "--status", "Queued", *more).lines] == [waiting.id]
    assert yx("jobs", "cancel", waiting.id).code == 0


@pytest.mark.parametrize("kind", ["user", "studio"])
def test_what_is_no_status_is_refused(yx: Yx, idle: Served, kind: str) -> None:
    yx.log_in(idle, kind=kind)
    refused = yx("jobs", "list", "--status", "Tired")
    assert refused.code != 0
    assert "'Tired' is none of queued" in refused.err


def test_a_job_is_shown_with_its_attempts(yx: Yx, job: str) -> None:
    (attempt,) = yx("jobs", "show", job, "--json").json["attempts"]
    assert (attempt["number"], attempt["ending"]) == (1, "finished")
    assert attempt["claimed"] <= attempt["started"] <= attempt["ended"]
    assert any(line.split("\t")[:2] == ["1", attempt["worker"]] for line in yx("jobs", "show", job).lines)


def test_a_job_is_shown_with_its_outputs(yx: Yx, job: str) -> None:
    shown = yx("jobs", "show", job)
    assert f"Id\t{job}" in shown.lines
    assert any(line.split("\t")[1:2] == ["best customers.csv"] for line in shown.lines)


def test_waiting_for_a_job_that_is_over_ends_at_once(yx: Yx, job: str, tmp_path: Path) -> None:
    done = yx("jobs", "wait", job, "--output", tmp_path, "--json")
    assert done.code == 0
    assert sorted(Path(path).name for path in done.json["saved"]) == ["Not paid yet.csv", "best customers.csv"]


def test_messages_are_what_the_engine_said(yx: Yx, job: str) -> None:
    texts = [message["text"] for message in yx("jobs", "messages", job, "--json").json]
    assert any("records were written to" in text for text in texts)


def test_files_are_downloaded_and_nothing_is_written_over(yx: Yx, job: str, tmp_path: Path) -> None:
    first, second = (yx("jobs", "download", job, "--output", tmp_path).lines for _ in range(2))
    assert len({*first, *second}) == 4
    assert [Path(path).read_bytes() for path in first] == [Path(path).read_bytes() for path in second]


def test_a_queued_job_is_cancelled(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    (job,) = yx("run", "Best customers", "--no-wait").lines
    assert yx("jobs", "cancel", job).code == 0
    assert yx("jobs", "wait", job, "--json").code == 9
    again = yx("jobs", "cancel", job)
    assert (again.code, "over already" in again.err) == (0, True)


def test_cancelled_jobs_are_printed_as_records(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    jobs = [yx("run", "Best customers", "--no-wait").lines[0] for _ in range(2)]
    cancelled = yx("jobs", "cancel", *jobs, "--json")
    assert [(each["id"], each["status"]) for each in cancelled.json] == [(job, "Cancelled") for job in jobs]


def test_a_cancelled_job_has_no_files_to_download(yx: Yx, idle: Served, tmp_path: Path) -> None:
    yx.log_in(idle)
    (job,) = yx("run", "Best customers", "--no-wait").lines
    waiting = yx("jobs", "download", job, "--output", tmp_path / "out")
    assert (waiting.code, "is not over yet" in waiting.err) == (0, True)
    assert yx("jobs", "cancel", job).code == 0
    ended = yx("jobs", "download", job, "--output", tmp_path / "out", "--json")
    assert (ended.code, ended.error["code"]) == (9, "job_cancelled")
    assert not (tmp_path / "out").exists()


def test_a_job_that_cannot_be_cancelled_does_not_keep_the_others(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    first, last = (yx("run", "Best customers", "--no-wait").lines[0] for _ in range(2))
    ended = yx("jobs", "cancel", first, "6b0000000000000000000000", last)
    assert ended.code == 4
    assert [job in ended.err for job in (first, "6b0000000000000000000000", last)] == [True] * 3
    assert [yx("jobs", "show", job, "--json").json["status"] for job in (first, last)] == ["Cancelled"] * 2


@pytest.mark.parametrize("command", ["show", "wait", "cancel", "messages", "download"])
def test_an_unknown_job_is_not_found(yx: Yx, gallery: Served, command: str) -> None:
    yx.log_in(gallery)
    refused = yx("jobs", command, "6b0000000000000000000000", "--json")
    assert (refused.code, refused.error["code"]) == (4, "not_found")
