"""What people do with a gallery: find, run, wait, fetch, publish; the worker's part is played by the test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openyx.client.gallery import Gallery
from openyx.errors import AnswerError, JobCancelled, JobFailed, NotFound, NotLetIn, OpenYXError
from tests.conformance.scene import PACKAGE, TABLE, Scene


@pytest.fixture
def played(scene: Scene) -> Scene:
    """The scene without its waiting job."""
    scene.standing.queue.cancel(scene.waiting, by=scene.standing.store.users.owner())
    return scene


@pytest.mark.parametrize("auth", ["oauth1", "oauth2"])
def test_a_run_is_found_started_waited_for_and_fetched(played: Scene, tmp_path: Path, auth: str) -> None:
    def work(job: Any) -> None:
        if not job.over:
            played.standing.finish()

    with played.standing.sync_client(auth) as gallery:
        job = gallery.run("Regional Sales", {"Region": "W"}, on_update=work, timeout=30, output=tmp_path)
    assert (job.status, job.disposition) == ("Completed", "Success")
    assert [path.read_bytes() for path in job.saved] == [TABLE]


@pytest.mark.parametrize("auth", ["oauth1", "oauth2"])
async def test_a_run_is_awaited(played: Scene, tmp_path: Path, auth: str) -> None:
    def work(job: Any) -> None:
        if not job.over:
            played.standing.finish()

    async with played.standing.async_client(auth) as gallery:
        job = await gallery.run("Regional Sales", {"Region": "W"}, on_update=work, timeout=30)
        saved = await job.outputs[0].save(tmp_path)
    assert saved.read_bytes() == TABLE


@pytest.mark.parametrize(("auth", "error"), [("oauth1", JobFailed), ("oauth2", JobCancelled)])
def test_a_cancelled_job_ends_the_wait_and_v1_has_no_word_for_it(
    played: Scene, auth: str, error: type[OpenYXError]
) -> None:
    with played.standing.sync_client(auth) as gallery:
        job = gallery.start("Regional Sales", {"Region": "W"})
        job.cancel()
        with pytest.raises(error, match="cancelled"):
            job.wait(timeout=30)


@pytest.mark.parametrize("auth", ["oauth1", "oauth2"])
def test_what_is_not_there_and_what_does_not_fit_is_named(scene: Scene, auth: str) -> None:
    with scene.standing.sync_client(auth) as gallery:
        with pytest.raises(NotFound, match="Absent"):
            gallery.run("Absent")
        with pytest.raises(AnswerError, match="Region"):
            gallery.run("Regional Sales", {"Region": "North"})


def test_a_package_is_published_and_comes_back(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "Copied Sales.yxzp"
    file.write_bytes(PACKAGE)
    with scene.standing.sync_client("oauth2") as gallery:
        workflow = gallery.publish(file, name="Copied Sales")
        assert [question.name for question in workflow.questions] == [
            "Title",
            "Region",
            "Since",
            "Top",
            "Check Box (6)",
        ]
        again = gallery.publish(file, name="Copied Sales", new_version=True)
        assert again.id == workflow.id


def test_the_address_alone_is_enough_to_find_out_what_is_spoken(scene: Scene) -> None:
    key = scene.standing.keys["oauth1"]
    with Gallery(scene.standing.url, key.key.key, key.secret.reveal()) as gallery:
        assert [workflow.name for workflow in gallery.workflows.list()] == ["Regional Sales"]
    with Gallery(scene.standing.url, key.key.key, "wrong") as stranger, pytest.raises(NotLetIn):
        stranger.workflows.list()


@pytest.mark.parametrize("auth", ["oauth1", "oauth2"])
def test_the_list_of_all_jobs_tells_how_each_ended(played: Scene, auth: str) -> None:
    def work(job: Any) -> None:
        if not job.over:
            played.standing.finish()

    with played.standing.sync_client(auth) as gallery:
        ran = gallery.run("Regional Sales", {"Region": "W"}, on_update=work, timeout=30)
        (newest, *_) = gallery.jobs()
    assert (newest.id, newest.status, newest.disposition) == (ran.id, "Completed", "Success")
