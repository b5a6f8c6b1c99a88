"""Waiting for a job: how often, how long, and what does not end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from openyx.client.options import Options
from openyx.errors import AskedWrongly, BadRequest, NotFound, ServerError, TimedOut
from tests.client.conftest import Place, Time, done
from tests.client.servers import RESET, page, said

Connect = Callable[..., Any]
OfAge = Callable[[str], Place]


@pytest.fixture
def place(of_age: OfAge) -> Place:
    return of_age("2019")


@pytest.fixture
async def job(place: Place, connect: Connect) -> Any:
    """A job that has just been started."""
    return await done(connect(place.server, auth="oauth1").start("Monthly Load"))


async def test_pauses_grow_from_one_second_to_ten(place: Place, job: Any, time: Time, options: Options) -> None:
    place.behind.course = [("Running", "None")] * 12 + [("Completed", "Success")]
    await done(job.wait())
    assert [round(pause / 1.2, 2) for pause in time.pauses] == [
        1.0, 1.5, 2.25, 3.38, 5.06, 7.59, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0
    ]  # fmt: skip


async def test_pauses_have_jitter(place: Place, connect: Connect, time: Time, options: Options) -> None:
    gallery = connect(place.server, auth="oauth1", options=replace(options, chance=lambda: 0.0))
    await done(gallery.run("Monthly Load"))
    assert time.pauses == [0.8, 0.8 * 1.5]


async def test_our_own_gallery_is_asked_sooner(of_age: OfAge, connect: Connect, time: Time) -> None:
    await done(connect(of_age("ours").server).run("Monthly Load"))
    assert time.pauses == pytest.approx([0.06, 0.12])


async def test_a_time_out_is_told_in_seconds_that_can_be_read(place: Place, job: Any) -> None:
    place.behind.course = [("Running", "None")]
    with pytest.raises(TimedOut, match=r"not over after 1 s "):
        await done(job.wait(timeout=0.999983))


@pytest.mark.parametrize("short", [0, 0.001])
async def test_a_time_out_without_length_is_not_told_in_seconds(place: Place, job: Any, short: float) -> None:
    place.behind.course = [("Running", "None")]
    with pytest.raises(TimedOut, match=r"is not over yet \(\w+\); it goes on"):
        await done(job.wait(timeout=short))


@pytest.mark.parametrize("wanted", ["2h", -1, float("nan")])
async def test_what_is_no_time_to_wait_is_refused_before_the_start(place: Place, connect: Connect, wanted: Any) -> None:
    gallery = connect(place.server, auth="oauth1")
    workflow = await done(gallery.workflows.find("Monthly Load"))
    with pytest.raises(AskedWrongly, match="is no time to wait") as caught:
        await done(gallery.run("Monthly Load", timeout=wanted))
    assert "seconds" in caught.value.hint
    with pytest.raises(AskedWrongly, match="is no time to wait"):
        await done(workflow.run(timeout=wanted))
    assert not place.behind.jobs


async def test_a_job_is_not_waited_for_in_other_words(job: Any) -> None:
    with pytest.raises(AskedWrongly, match="'2h' is no time to wait"):
        await done(job.wait(timeout="2h"))


async def test_a_time_out_leaves_the_job_and_says_how_to_go_on(place: Place, job: Any, time: Time) -> None:
    place.behind.course = [("Running", "None")]
    begun = time.at
    with pytest.raises(TimedOut, match=r"not over after 30 s \(Running\); it goes on") as caught:
        await done(job.wait(timeout=30))
    assert time.at - begun == pytest.approx(30)
    assert caught.value.job is job
    assert f"gallery.job('{job.id}').wait()" in caught.value.hint
    place.behind.course = [("Completed", "Success")]
    assert (await done(job.wait(timeout=30))).succeeded


async def test_a_wait_of_no_time_looks_once(place: Place, job: Any) -> None:
    with pytest.raises(TimedOut):
        await done(job.wait(timeout=0))
    await done(job.refresh())
    await done(job.refresh())
    assert (await done(job.wait(timeout=0))).succeeded


async def test_troubles_that_pass_do_not_end_a_wait(place: Place, job: Any) -> None:
    place.server.ill = [RESET, page(502), said({}, 500), page(200), said({}, 429), RESET]
    assert (await done(job.wait(timeout=600))).succeeded


async def test_troubles_end_with_the_time_out(place: Place, job: Any) -> None:
    place.server.ill = [RESET] * 1000
    with pytest.raises(TimedOut):
        await done(job.wait(timeout=60))
    place.server.ill = []


async def test_a_wait_without_time_out_gives_up_when_the_server_stays_away(place: Place, job: Any, time: Time) -> None:
    place.server.ill = [said({"message": "closed for good"}, 503)] * 1000
    begun = time.at
    with pytest.raises(ServerError, match="closed for good"):
        await done(job.wait())
    assert 900 < time.at - begun < 1000


async def test_what_does_not_pass_ends_a_wait(place: Place, job: Any) -> None:
    place.server.ill = [said({}, 400)]
    with pytest.raises(BadRequest):
        await done(job.wait())
    place.behind.jobs.clear()
    with pytest.raises(NotFound):
        await done(job.wait())


async def test_each_change_is_told_once_and_the_first_state_at_once(place: Place, job: Any) -> None:
    place.behind.course = [("Queued", "None"), ("Queued", "None"), ("Running", "None"), ("Completed", "Success")]
    told: list[str] = []

    def update(each: Any) -> None:
        told.append(f"{each.status} {len(each.messages)}")

    await done(job.wait(on_update=update))
    assert told == ["Queued 0", "Running 0", "Completed 1"]


async def test_a_job_that_is_over_is_not_asked_about(place: Place, job: Any) -> None:
    await done(job.wait())
    asked = len(place.server.requests)
    await done(job.wait())
    assert len(place.server.requests) == asked


async def test_v3_is_not_asked_again_once_v1_had_the_job(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2022")
    place.behind.course = [("Running", "None")] * 5 + [("Completed", "Success")]
    await done(connect(place.server).run("Monthly Load"))
    asked = [each for each in place.server.asked if "/jobs/" in each]
    assert [each.split("/")[2] for each in asked] == ["v3", "v1", "v1", "v1", "v1", "v1", "v1"][: len(asked)]
