"""Starting a job once: the key, the lost answer, the doubt."""

from __future__ import annotations

import time as clock_of_the_machine
from collections.abc import Callable
from typing import Any

import pytest

from openyx.errors import AskedWrongly, InDoubt, NotFound, ServerError, Unreachable
from tests.client.conftest import Place, Time, done
from tests.client.servers import RESET, Request, Response, page, said

Connect = Callable[..., Any]
OfAge = Callable[[str], Place]


def losing(place: Place, answer: Response = RESET, *, times: int = 1, start: bool = True) -> None:
    """From now on the answers to *times* starts are lost; with *start* the job runs all the same."""
    left = [times]

    def handle(request: Request) -> Response:
        if request.method != "POST" or not request.path.rstrip("/").endswith("/jobs") or not left[0]:
            return place.behind.handle(request)
        if start and (told := place.behind.handle(request)).status != 200:
            return told
        left[0] -= 1
        return answer

    place.server.handle = handle


async def test_every_start_carries_a_key_of_its_own(place: Place, connect: Connect) -> None:
    gallery = connect(place.server)
    await done(gallery.start("Monthly Load"))
    await done(gallery.start("Monthly Load"))
    keys = [
        each.headers["idempotency-key"] for each in place.server.requests if each.path.rstrip("/").endswith("/jobs")
    ]
    assert len(set(keys)) == 2
    assert all(len(key) == 32 for key in set(keys))


@pytest.mark.parametrize("answer", [RESET, page(502), Response(200, b'{"id":"61', {}), Response(504)])
async def test_our_gallery_is_asked_again_with_the_same_key(of_age: OfAge, connect: Connect, answer: Response) -> None:
    place = of_age("ours")
    losing(place, answer, times=3)
    job = await done(connect(place.server).start("Monthly Load"))
    assert list(place.behind.jobs) == [job.id]


async def test_our_gallery_that_stays_away_leaves_a_doubt(of_age: OfAge, connect: Connect, time: Time) -> None:
    place = of_age("ours")
    losing(place, times=1000)
    begun = time.at
    with pytest.raises(InDoubt, match="does not come back"):
        await done(connect(place.server).start("Monthly Load"))
    assert time.at - begun <= 30
    assert len(place.behind.jobs) == 1


async def test_a_real_server_is_asked_for_its_newest_jobs(of_age: OfAge, connect: Connect, time: Time) -> None:
    time.at = clock_of_the_machine.time()
    for age in ("2019", "2022", "2025"):
        place = of_age(age)
        losing(place)
        job = await done(connect(place.server).start("Monthly Load"))
        assert list(place.behind.jobs) == [job.id]


async def test_clocks_that_differ_do_not_hide_the_job(of_age: OfAge, connect: Connect, time: Time) -> None:
    place = of_age("2019")
    time.at = clock_of_the_machine.time() + 3600
    losing(place)
    job = await done(connect(place.server).start("Monthly Load"))
    assert list(place.behind.jobs) == [job.id]


async def test_an_older_job_is_not_taken_for_it(of_age: OfAge, connect: Connect, time: Time) -> None:
    place = of_age("2019")
    time.at = clock_of_the_machine.time()
    place.behind.created = lambda: time.at - 60
    place.behind.jobs["61031c712c4200001d000777"] = 0
    losing(place, start=False)
    with pytest.raises(InDoubt, match="none of its jobs is as young") as caught:
        await done(connect(place.server).start("Monthly Load"))
    assert caught.value.exit == 8
    assert "before starting it again" in caught.value.hint


async def test_two_young_jobs_leave_a_doubt(of_age: OfAge, connect: Connect, time: Time) -> None:
    place = of_age("2019")
    time.at = clock_of_the_machine.time()
    place.behind.jobs["61031c712c4200001d000777"] = 0
    losing(place)
    with pytest.raises(InDoubt, match=r"2 of its jobs are as young: .*000777"):
        await done(connect(place.server).start("Monthly Load"))
    assert len(place.behind.jobs) == 2


async def test_jobs_that_cannot_be_listed_leave_a_doubt(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2019")
    losing(place)
    plain = place.server.handle

    def handle(request: Request) -> Response:
        return said({}, 403) if request.method == "GET" and request.path.endswith("/jobs/") else plain(request)

    place.server.handle = handle
    with pytest.raises(InDoubt, match="cannot be listed"):
        await done(connect(place.server).start("Monthly Load"))


async def test_a_start_that_a_server_refuses_is_not_in_doubt(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2019")
    losing(place, said({"message": "no"}, 400), start=False)
    with pytest.raises(ServerError, match="no"):
        await done(connect(place.server).start("Monthly Load"))
    assert place.server.asked[-1].startswith("POST")


@pytest.mark.parametrize("started", [True, False])
async def test_of_a_server_that_breaks_the_jobs_tell_whether_it_started(
    of_age: OfAge, connect: Connect, time: Time, started: bool
) -> None:
    time.at = clock_of_the_machine.time()
    place = of_age("2019")
    losing(place, said({"message": "broke"}, 500), start=started)
    if started:
        job = await done(connect(place.server).start("Monthly Load"))
        assert list(place.behind.jobs) == [job.id]
        return
    with pytest.raises(ServerError, match="broke"):
        await done(connect(place.server).start("Monthly Load"))
    assert not place.behind.jobs


async def test_a_key_that_is_refused_after_a_lost_answer_leaves_a_doubt(of_age: OfAge, connect: Connect) -> None:
    place = of_age("ours")
    losing(place)
    lost = place.server.handle
    answered: list[str] = []

    def handle(request: Request) -> Response:
        if answered:
            return said({"message": "no"}, 401)
        if request.method == "POST" and request.path.rstrip("/").endswith("/jobs"):
            answered.append(request.path)
        return lost(request)

    place.server.handle = handle
    with pytest.raises(InDoubt, match="lets nobody look"):
        await done(connect(place.server).start("Monthly Load"))


async def test_a_start_that_never_left_is_tried_again_and_then_unreachable(
    of_age: OfAge, connect: Connect, time: Time
) -> None:
    place = of_age("2019")
    gallery = connect(place.server, auth="oauth1")
    workflow = await done(gallery.workflows.find("Monthly Load"))
    place.server.close()
    with pytest.raises(Unreachable):
        await done(workflow.start())
    assert len(time.pauses) > 3


async def test_a_priority_is_sent_in_the_apis_spelling(place: Place, connect: Connect) -> None:
    gallery = connect(place.server)
    await done(gallery.start("Monthly Load", priority="high"))
    start = next(each for each in reversed(place.server.requests) if each.method == "POST" and "/jobs" in each.path)
    assert start.json == {"questions": [], "priority": "High"}
    with pytest.raises(AskedWrongly, match="'urgent' is no priority"):
        await done(gallery.start("Monthly Load", priority="urgent"))


async def test_a_workflow_that_is_gone_is_not_found(of_age: OfAge, connect: Connect) -> None:
    place = of_age("2025")
    workflow = await done(connect(place.server).workflows.find("Monthly Load"))
    place.behind.names.clear()
    with pytest.raises(NotFound):
        await done(workflow.start())
