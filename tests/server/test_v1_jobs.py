"""A job's life as V1 tells it, and its outputs."""

from __future__ import annotations

from typing import Any

import pytest

from openyx.messages import Kind, Message
from openyx.server.downloads import disposition
from openyx.store import Disposition
from tests.server.support import Address

V1 = "/gallery/api/v1"


@pytest.fixture
def workflow(gallery: Address) -> str:
    return gallery.publish()


@pytest.fixture
def job(gallery: Address, workflow: str) -> str:
    started = gallery.signed("POST", f"{V1}/workflows/{workflow}/jobs/").json()["id"]
    assert isinstance(started, str)
    return started


def show(gallery: Address, job: str, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = gallery.signed("GET", f"{V1}/jobs/{job}/{query}").json()
    return found


def test_a_job_goes_from_queued_through_running_to_completed(gallery: Address, job: str) -> None:
    assert (show(gallery, job)["status"], show(gallery, job)["disposition"]) == ("Queued", "None")
    claimed = gallery.queue.claim("a worker")
    assert claimed is not None
    assert show(gallery, job)["status"] == "Queued", "there is no Initializing in V1"
    started = gallery.queue.start(claimed)
    gallery.queue.tell(started, [Message(kind=Kind.INFO, text="10 records were read", tool=3)])
    running = show(gallery, job)
    assert (running["status"], running["outputs"]) == ("Running", [])
    assert running["messages"] == [{"status": 1, "text": "10 records were read", "toolId": 3}]
    gallery.queue.finish(started, Disposition.WARNING, messages=[Message(kind=Kind.WARNING, text="Hm.")],
                         outputs=[gallery.output("result.csv", b"a\n1\n")])  # fmt: skip
    done = show(gallery, job)
    assert (done["status"], done["disposition"]) == ("Completed", "Warning")
    (output,) = gallery.store.outputs.of(job)
    assert done["outputs"] == [{"id": output.id, "formats": ["Raw", "Csv"], "name": "result.csv"}]


def test_a_failed_run_is_completed_with_an_error(gallery: Address, job: str) -> None:
    gallery.finish(job, Disposition.ERROR)
    assert (show(gallery, job)["status"], show(gallery, job)["disposition"]) == ("Completed", "Error")


def test_a_cancelled_job_is_completed_with_an_error_and_says_by_whom(gallery: Address, job: str) -> None:
    assert gallery.signed("DELETE", f"/openyx/v1/jobs/{job}").status_code == 200
    done = show(gallery, job)
    assert (done["status"], done["disposition"]) == ("Completed", "Error")
    assert done["messages"] == [{"status": 3, "text": "cancelled by owner@localhost", "toolId": -1}]
    assert gallery.bearer("GET", f"/webapi/v3/jobs/{job}").json()["status"] == "Cancelled"


@pytest.mark.parametrize(("query", "count"), [("", 1), ("?includeMessages=True", 1), ("?includeMessages=false", 0)])
def test_messages_come_unless_told_otherwise(gallery: Address, job: str, query: str, count: int) -> None:
    gallery.signed("DELETE", f"/openyx/v1/jobs/{job}")
    assert len(show(gallery, job, query)["messages"]) == count


def test_an_output_is_downloaded_without_any_header(gallery: Address, job: str) -> None:
    content = b"a,b\r\n1,\xff\r\n" * 100_000
    gallery.finish(job, result__csv=content)
    output = gallery.store.outputs.of(job)[0].id
    for query in ("", "?format=Csv", "?format=raw&attachment=true"):
        answer = gallery.signed("GET", f"{V1}/jobs/{job}/output/{output}/{query}")
        assert answer.content == content
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-length"] == str(len(content))
        assert answer.headers["content-disposition"] == 'attachment; filename="result.csv"'
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert gallery.bearer("GET", f"/webapi/v1/jobs/{job}/output/{output}?format=Raw").content == content


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("?format=Xlsx", 400, "only as Raw, Csv"),
        ("?format=Word", 400, "there are Raw"),
        ("?attachment=perhaps", 400, ""),
    ],
)
def test_formats_that_cannot_be_had_are_refused(gallery: Address, job: str, query: str, status: int, text: str) -> None:
    gallery.finish(job, result__csv=b"a\n")
    output = gallery.store.outputs.of(job)[0].id
    answer = gallery.signed("GET", f"{V1}/jobs/{job}/output/{output}/{query}")
    assert (answer.status_code, text in answer.json()["message"]) == (status, True)


def test_outputs_that_are_not_there_answer_404(gallery: Address, job: str) -> None:
    for path in (f"jobs/{job}/output/61031c712c4200001d000001", "jobs/nobodys/output/1"):
        assert gallery.signed("GET", f"{V1}/{path}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("C:\\Temp\\result.csv", 'attachment; filename="result.csv"'),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ('a"b\r\nSet-Cookie: x.csv', 'attachment; filename="a_b__Set-Cookie_ x.csv"'),
        ("日本.csv", "attachment; filename=\"__.csv\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.csv"),
        ("\ud800.csv", 'attachment; filename="_.csv"'),
        ("...", 'attachment; filename="download"'),
    ],
)
def test_the_name_of_a_download_is_safe(name: str, header: str) -> None:
    assert disposition(name) == header
