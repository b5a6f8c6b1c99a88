"""The main job, against servers of five ages, in both worlds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openyx.errors import Ambiguous, AskedWrongly, Conflict, JobCancelled, JobFailed, NotFound
from tests.client.conftest import Place, done
from tests.client.servers import FILE, WORKFLOW, said
from tests.client.shapes import OWNER

Connect = Callable[..., Any]


async def test_a_workflow_is_found_started_waited_for_and_its_file_saved(
    place: Place, connect: Connect, tmp_path: Path
) -> None:
    gallery = connect(place.server)
    job = await done(gallery.run("Monthly Load"))
    assert job.succeeded
    assert [message.text for message in job.messages] == ["10 records were written"]
    saved = await done(job.outputs[0].save(tmp_path))
    assert saved == tmp_path / "result.csv"
    assert saved.read_bytes() == FILE


async def test_a_run_saves_its_files_where_it_is_told(place: Place, connect: Connect, tmp_path: Path) -> None:
    job = await done(connect(place.server).run("Monthly Load", output=tmp_path / "new" / "folder", format="csv"))
    assert [path.name for path in job.saved] == ["result.csv"]
    assert place.server.requests[-1].query["format"] == "Csv"


async def test_the_list_tells_names_and_ids_whatever_the_generation(place: Place, connect: Connect) -> None:
    workflows = await done(connect(place.server).workflows.list())
    assert [(each.name, each.id) for each in workflows] == [("Monthly Load", WORKFLOW)]


async def test_a_workflow_is_had_by_its_id(place: Place, connect: Connect) -> None:
    gallery = connect(place.server)
    assert (await done(gallery.workflows.get(WORKFLOW))).name == "Monthly Load"
    with pytest.raises(NotFound, match="57acaca4065e3f26a82b9999"):
        await done(gallery.workflows.get("57acaca4065e3f26a82b9999"))


async def test_a_name_is_matched_exactly_before_another_case_counts(place: Place, connect: Connect) -> None:
    place.behind.names = {"1": "monthly load", "2": "Monthly Load", "3": "Monthly Load 2"}
    gallery = connect(place.server)
    assert (await done(gallery.workflows.find("Monthly Load"))).id == "2"
    place.behind.names = {"1": "MONTHLY load", "3": "Monthly Load 2"}
    assert (await done(gallery.workflows.find("Monthly Load"))).id == "1"


async def test_a_part_of_a_name_finds_nothing_and_near_names_are_offered(place: Place, connect: Connect) -> None:
    with pytest.raises(NotFound, match="no workflow called 'Monthly'") as caught:
        await done(connect(place.server).run("Monthly"))
    assert "did you mean 'Monthly Load'?" in caught.value.hint
    assert "only the 1 that this key may see" in caught.value.hint


async def test_several_of_one_name_are_listed_with_their_ids(place: Place, connect: Connect) -> None:
    place.behind.names = {"1": "Monthly Load", "2": "Monthly Load"}
    with pytest.raises(Ambiguous, match=r"(?s)2 workflows.*id 1.*id 2") as caught:
        await done(connect(place.server).workflows.find("Monthly Load"))
    assert [each.id for each in caught.value.matches] == ["1", "2"]


async def test_a_failed_run_raises_with_what_the_run_said(place: Place, connect: Connect) -> None:
    place.behind.course = [("Running", "None"), ("Completed", "Error")]
    place.behind.messages = [(1, 1, "fine"), (3, 14, "The field Cots is missing")]
    with pytest.raises(JobFailed, match=r"(?s)failed.*tool 14: The field Cots is missing") as caught:
        await done(connect(place.server).run("Monthly Load"))
    assert len(caught.value.messages) == 2
    assert caught.value.job.disposition == "Error"


async def test_without_check_a_failed_run_comes_back(place: Place, connect: Connect) -> None:
    place.behind.course = [("Completed", "Error")]
    job = await done(connect(place.server).run("Monthly Load", check=False))
    assert job.over
    assert not job.succeeded


@pytest.mark.parametrize("disposition", ["", "None", "Splendid", None])
async def test_an_end_without_a_known_disposition_is_no_success(
    of_age: Callable[[str], Place], connect: Connect, disposition: Any
) -> None:
    place = of_age("2021.4")
    place.behind.course = [("Completed", disposition)]
    with pytest.raises(JobFailed, match=r"does not say how it ended|no success that is known"):
        await done(connect(place.server).run("Monthly Load"))


async def test_a_warning_is_a_success(place: Place, connect: Connect) -> None:
    place.behind.course = [("Completed", "Warning")]
    assert (await done(connect(place.server).run("Monthly Load"))).succeeded


@pytest.mark.parametrize("age", ["2025", "ours"])
async def test_a_job_is_cancelled_where_the_server_can(
    of_age: Callable[[str], Place], connect: Connect, age: str
) -> None:
    place = of_age(age)
    job = await done(connect(place.server).start("Monthly Load"))
    await done(job.cancel())
    with pytest.raises(JobCancelled):
        await done(job.wait())


async def test_our_gallery_cancels_for_those_who_sign(of_age: Callable[[str], Place], connect: Connect) -> None:
    place = of_age("ours")
    job = await done(connect(place.server, auth="oauth1").start("Monthly Load"))
    await done(job.cancel())
    assert place.server.asked[-1] == f"DELETE /openyx/v1/jobs/{job.id}"


@pytest.mark.parametrize("age", ["2019", "2021.4", "2022"])
async def test_a_server_that_cannot_cancel_is_said_to(
    of_age: Callable[[str], Place], connect: Connect, age: str
) -> None:
    job = await done(connect(of_age(age).server).start("Monthly Load"))
    with pytest.raises(NotFound, match="cannot cancel"):
        await done(job.cancel())


async def test_jobs_of_a_workflow_are_listed_by_every_age(place: Place, connect: Connect) -> None:
    gallery = connect(place.server)
    started = await done(gallery.start("Monthly Load"))
    for jobs in (
        await done((await done(gallery.workflows.find("Monthly Load"))).jobs()),
        await done(gallery.jobs(workflow="Monthly Load", status="queued")),
    ):
        assert [(each.id, each.workflow_name) for each in jobs] == [(started.id, "Monthly Load")]
    assert await done(gallery.jobs(workflow="Monthly Load", status="Running")) == []


async def test_the_queue_of_all_is_listed_where_there_is_one(place: Place, connect: Connect) -> None:
    gallery = connect(place.server)
    started = await done(gallery.start("Monthly Load"))
    if place.behind.age.queue:
        assert [each.id for each in await done(gallery.jobs())] == [started.id]
        return
    with pytest.raises(NotFound, match="only workflow by workflow"):
        await done(gallery.jobs())


async def test_a_package_comes_from_the_generations_own_path(place: Place, connect: Connect, tmp_path: Path) -> None:
    workflow = await done(connect(place.server).workflows.find("Monthly Load"))
    saved = await done(workflow.package(tmp_path))
    assert saved.name == "Monthly Load.yxzp"
    assert saved.read_bytes() == (b"PK-v3" if place.behind.age.oauth2 else b"PK-gallery")


async def test_a_package_is_had_from_v1_where_v3_does_not_let_one(
    of_age: Callable[[str], Place], connect: Connect, tmp_path: Path
) -> None:
    place = of_age("2022")
    gallery = connect(place.server)
    workflow = await done(gallery.workflows.find("Monthly Load"))
    place.server.ill = [said({"message": "Authorization has been denied for this request."}, 401)] * 2
    assert (await done(workflow.package(tmp_path))).read_bytes() == b"PK-webapi"


async def test_v1_is_asked_where_v3_is_for_curators(of_age: Callable[[str], Place], connect: Connect) -> None:
    place = of_age("2021.4")
    keep = place.behind._v3
    place.behind._v3 = lambda request, path: said({"message": "denied"}, 401) if "v3" in path else keep(request, path)  # type: ignore[method-assign] # the server's mood
    gallery = connect(place.server)
    assert (await done(gallery.run("Monthly Load"))).succeeded
    before = len(place.server.requests)
    assert len(await done(gallery.workflows.list())) == 1
    assert place.server.asked[before:] == ["GET /webapi/v1/workflows/subscription"]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "Monthly Load.yxzp"
    file.write_bytes(b"PK" * 300_000)
    return file


async def test_a_package_is_published_in_the_parts_that_a_server_wants(
    of_age: Callable[[str], Place], connect: Connect, package: Path
) -> None:
    place = of_age("2025")
    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))

    workflow = await done(connect(place.server).publish(package, name="Published", owner=OWNER, progress=progress))
    assert workflow.name == "Published"
    sent = next(each for each in place.server.requests if each.method == "POST" and each.path.endswith("/v3/workflows"))
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="Monthly Load.yxzp"\r\nContent-Type: application/octet-stream\r\n' in sent.body
    assert b'name="ownerId"\r\n\r\n' + OWNER.encode() in sent.body
    assert b"PK" * 300_000 in sent.body
    assert told[-1] == (600_000, 600_000)


async def test_a_name_that_is_taken_needs_a_new_version(
    of_age: Callable[[str], Place], connect: Connect, package: Path
) -> None:
    place = of_age("2025")
    gallery = connect(place.server)
    with pytest.raises(Conflict, match="is there already"):
        await done(gallery.publish(package, owner=OWNER))
    assert (await done(gallery.publish(package, new_version=True))).version == 1
    assert place.server.asked[-1] == f"POST /webapi/v3/workflows/{WORKFLOW}/versions"
    with pytest.raises(NotFound, match="to add a version to"):
        await done(gallery.publish(package, name="Nowhere", new_version=True))


async def test_a_real_server_wants_an_owner_and_ours_does_not(
    of_age: Callable[[str], Place], connect: Connect, package: Path
) -> None:
    with pytest.raises(AskedWrongly, match="owner"):
        await done(connect(of_age("2025").server).publish(package, name="New"))
    assert (await done(connect(of_age("ours").server).publish(package, name="New"))).name == "Published"


async def test_what_is_no_workflow_is_not_sent(
    of_age: Callable[[str], Place], connect: Connect, tmp_path: Path
) -> None:
    place = of_age("2025")
    gallery = connect(place.server)
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty.yxmd").write_text("")
    for name, why in (
        ("notes.txt", "no workflow"),
        ("empty.yxmd", "empty"),
        ("gone.yxmd", "no file"),
        (".", "no file"),
    ):
        with pytest.raises(AskedWrongly, match=why):
            await done(gallery.publish(tmp_path / name))
    assert place.server.requests == []


async def test_publishing_under_oauth1_is_refused_by_name(
    of_age: Callable[[str], Place], connect: Connect, package: Path
) -> None:
    with pytest.raises(NotFound, match="not offered under OAuth 1"):
        await done(connect(of_age("2019").server).publish(package))


async def test_the_rest_api_itself_is_there_by_generation(of_age: Callable[[str], Place], connect: Connect) -> None:
    place = of_age("2025")
    gallery = connect(place.server)
    job = await done(gallery.start("Monthly Load"))
    assert (await done(gallery.v1.jobs.get(job.id))).app_id == WORKFLOW
    assert (await done(gallery.v3.jobs.get(job.id))).app_id == WORKFLOW


async def test_connecting_says_what_was_found(place: Place, connect: Connect) -> None:
    told = await done(connect(place.server).connect())
    assert "1 workflow visible" in told
    assert ("OAuth 2" if place.behind.age.oauth2 else "OAuth 1.0a") in told
