"""Servers that answer badly, slowly, or not at all: each a clear error, never a hang, never a secret in it."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from openyx.client.http.retry import Patience
from openyx.client.options import Options, Timeouts
from openyx.errors import (
    BadAnswer,
    BadRequest,
    NotAllowed,
    NotFound,
    OpenYXError,
    ServerError,
    TooMany,
    Unreachable,
)
from tests.client.conftest import Place, Time, done, inside
from tests.client.servers import FILE, KEY, RESET, SECRET, WORKFLOW, Response, page, said

Connect = Callable[..., Any]
OfAge = Callable[[str], Place]

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def once(options: Options) -> Options:
    """Options without patience: nothing is tried again."""
    return replace(options, patience=Patience(total=0))


@pytest.fixture
def place(of_age: OfAge) -> Place:
    return of_age("2019")


@pytest.fixture
def gallery(place: Place, connect: Connect, once: Options) -> Any:
    return connect(place.server, auth="oauth1", options=once)


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        (page(200), BadAnswer, "an HTML page came instead of an answer, “Sign in & go on”"),
        (Response(200, b'[{"id":"57ac', JSON), BadAnswer, "cannot be read"),
        (Response(200, b"", JSON), BadAnswer, "the answer is empty"),
        (Response(200, b"  \r\n", JSON), BadAnswer, "the answer is empty"),
        (Response(200, b"\xff\xfe\x00", JSON), BadAnswer, "cannot be read"),
        (Response(200, b'"text"', JSON), BadAnswer, "another form than expected"),
        (Response(200, b'["x"]', JSON), BadAnswer, "another form than expected"),
        (Response(200, b"[]", JSON, length=5000), BadAnswer, "broke off"),
        (said({"message": "no such thing"}, 404), NotFound, r"n: not found: no such thing$"),
        (said({"message": "Studio abc was not found."}, 404), NotFound, r"n: Studio abc was not found\.$"),
        (said({"message": "only readers"}, 403), NotAllowed, "only readers"),
        (said({"message": "The request is invalid.", "modelState": {"contract.Name": ["required."]}}, 400),
         BadRequest, "The request is invalid. contract.Name: required."),
        (said({"data": None, "exceptionName": "BadRequestException", "innerExceptionMessage": "why",
               "message": "no"}, 400), BadRequest, "no why"),
        (said("in a bare string", 400), BadRequest, "in a bare string"),
        (said({"message": "down"}, 500), ServerError, r"failed \(500\): down"),
        (page(502), ServerError, "HTML page, “Sign in & go on”"),
        (Response(302, headers={"Location": "https://other.example.com/x?oauth_signature=abc"}), ServerError,
         "points elsewhere .302., to https://other.example.com/x$"),
        (Response(405), NotFound, "does not offer it"),
        (Response(407), Unreachable, "proxy"),
        (RESET, Unreachable, "broke"),
        (Response(200, b"x", cut=0), BadAnswer, "broke off"),
    ],
)  # fmt: skip
async def test_a_bad_answer_is_a_clear_error(
    place: Place, gallery: Any, answer: Response, kind: type[OpenYXError], text: str
) -> None:
    place.server.ill = [answer]
    with pytest.raises(kind, match=text) as caught:
        await done(gallery.workflows.list())
    assert "oauth_signature" not in str(caught.value) + caught.value.hint


async def test_odd_forms_are_understood(place: Place, gallery: Any) -> None:
    odd = (
        b'\xef\xbb\xbf[{"id": 57, "metaInfo": {"name": 2024, "new": {}}, "packageType": "1", "workerTag": null, '
        b'"runCount": "4", "public": "true", "isE2": true, "version": null, "unheard": [1]}]'
    )
    place.server.ill = [Response(200, odd, JSON)]
    (workflow,) = await done(gallery.workflows.list())
    assert (workflow.id, workflow.name, workflow.kind) == ("57", "2024", "workflow")
    assert workflow.record.public is True


async def test_a_job_with_missing_and_null_members_is_understood(place: Place, gallery: Any) -> None:
    place.server.ill = [Response(200, b'{"id": "1", "status": "Completed", "messages": null, "priority": 2}', JSON)]
    job = await done(gallery.job("1"))
    assert job.over
    assert not job.succeeded
    assert (job.messages, job.outputs, job.priority) == ((), (), "2")


async def test_a_passing_trouble_is_sat_out(place: Place, connect: Connect, time: Time) -> None:
    place.server.ill = [RESET, page(502), said({}, 503)]
    gallery = connect(place.server, auth="oauth1")
    assert len(await done(gallery.workflows.list())) == 1
    assert time.pauses == [0.5, 1.0, 2.0]


async def test_a_page_that_comes_again_and_again_is_told_soon(place: Place, connect: Connect, time: Time) -> None:
    place.server.ill = [page(200)] * 50
    with pytest.raises(BadAnswer):
        await done(connect(place.server, auth="oauth1").workflows.list())
    assert time.pauses == [0.5, 1.0]


async def test_patience_has_an_end(place: Place, connect: Connect, time: Time) -> None:
    place.server.ill = [said({"message": "down"}, 503)] * 50
    with pytest.raises(ServerError, match="down"):
        await done(connect(place.server, auth="oauth1").workflows.list())
    assert sum(time.pauses) < 30


async def test_the_server_says_how_long_to_wait(place: Place, connect: Connect, time: Time) -> None:
    then = format_datetime(datetime.fromtimestamp(time.at, UTC) + timedelta(seconds=14), usegmt=True)
    place.server.ill = [Response(429, headers={"Retry-After": "7"}), Response(503, headers={"Retry-After": then})]
    await done(connect(place.server, auth="oauth1").workflows.list())
    assert time.pauses == [7, 7]


async def test_a_wait_that_is_too_long_is_told(place: Place, connect: Connect) -> None:
    place.server.ill = [Response(429, headers={"Retry-After": "3600"})]
    with pytest.raises(TooMany) as caught:
        await done(connect(place.server, auth="oauth1").workflows.list())
    assert caught.value.retry_after == 3600


async def test_what_will_not_pass_is_not_repeated(place: Place, connect: Connect, time: Time) -> None:
    place.server.ill = [said({}, 400)]
    with pytest.raises(BadRequest):
        await done(connect(place.server, auth="oauth1").workflows.list())
    assert time.pauses == []


async def test_a_start_that_was_refused_before_it_was_looked_at_is_sent_again(
    place: Place, connect: Connect, time: Time
) -> None:
    gallery = connect(place.server, auth="oauth1")
    workflow = await done(gallery.workflows.find("Monthly Load"))
    await done(workflow.questions)
    place.server.ill = [None, Response(429, headers={"Retry-After": "3"})]
    await done(workflow.start())
    assert time.pauses == [3]
    assert len(place.behind.jobs) == 1


async def test_nobody_listens(connect: Connect, once: Options, place: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="takes no connection") as caught:
        await done(connect(place.server, url=f"http://127.0.0.1:{port}", options=once).workflows.list())
    assert "port" in caught.value.hint
    assert not caught.value.sent


async def test_there_is_no_such_host(connect: Connect, once: Options, place: Place) -> None:
    with pytest.raises(Unreachable, match=r"there is no host [^/]*:"):
        await done(connect(place.server, url="http://no-such-host.invalid", options=once).workflows.list())


@pytest.fixture
def silent() -> Generator[str]:
    """A server that takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


async def test_a_server_that_says_nothing_is_not_waited_for(
    connect: Connect, once: Options, place: Place, silent: str
) -> None:
    gallery = connect(place.server, url=silent, options=once, auth="oauth1", timeout=0.05)
    with pytest.raises(Unreachable, match="did not answer in time") as caught:
        await done(gallery.workflows.list())
    assert caught.value.sent


async def test_a_server_that_drips_is_not_waited_for(place: Place, connect: Connect, once: Options, time: Time) -> None:
    """Each byte comes in time, all of them would not: the clock moves while the body comes."""
    ticks = iter(range(1_000_000))
    dripping = replace(once, clock=lambda: float(next(ticks)))
    place.server.ill = [Response(200, b"[" + b" " * 2_000_000 + b"]", JSON)]
    gallery = connect(place.server, options=dripping, auth="oauth1", timeout=Timeouts(whole=20))
    with pytest.raises(Unreachable, match="did not finish its answer in time"):
        await done(gallery.workflows.list())


async def test_a_404_says_that_only_what_the_key_sees_was_searched(place: Place, gallery: Any) -> None:
    with pytest.raises(NotFound) as caught:
        await done(gallery.job("57acaca4065e3f26a82b0009"))
    assert caught.value.hint == f"only what this key may see was searched, at {place.server.url}"


@pytest.mark.parametrize(("call", "right"), [("start", "shared with the key's user"), ("package", "downloading")])
async def test_a_403_says_which_right(place: Place, gallery: Any, call: str, right: str, tmp_path: Path) -> None:
    workflow = await done(gallery.workflows.find("Monthly Load"))
    place.server.ill = [None, Response(403)] if call == "start" else [Response(403)]
    with pytest.raises(NotAllowed) as caught:
        await done(workflow.start() if call == "start" else workflow.package(tmp_path))
    assert right in caught.value.hint


async def test_no_secret_and_no_signature_is_in_error_traceback_or_log(
    of_age: OfAge, connect: Connect, once: Options, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = of_age("2021.4")
    told: list[str] = []
    for auth in ("oauth1", "oauth2"):
        gallery = connect(place.server, auth=auth, options=once)
        await done(gallery.workflows.list())
        for ill in ([RESET], [page()], [said({}, 500)], [Response(200, b"[]", JSON, length=9)], [said({}, 401)] * 9):
            place.server.ill = list(ill)
            with pytest.raises(OpenYXError) as caught:
                await done(gallery.v1.workflows.list())
            place.server.ill = []
            told += traceback.format_exception(caught.value)
            told += [repr(caught.value), caught.value.hint, repr(gallery), repr(gallery._session.access)]
    everything = "".join(told) + caplog.text
    signatures = [each.query["oauth_signature"] for each in place.server.requests if "oauth_signature" in each.query]
    assert signatures
    assert place.behind.tokens
    for secret in (SECRET, *signatures, *place.behind.tokens):
        assert secret not in everything


async def test_a_connection_is_kept(place: Place, gallery: Any) -> None:
    for _ in range(5):
        await done(gallery.workflows.list())
    assert place.server.connections == 1


async def test_a_list_of_ten_thousand_comes_whole(place: Place, gallery: Any) -> None:
    place.behind.names = {str(number): f"Workflow {number}" for number in range(10_000)}
    assert len(await done(gallery.workflows.list())) == 10_000
    assert place.server.asked.count("GET /gallery/api/v1/workflows/subscription/") == 11


async def test_a_server_that_knows_no_paging_is_read_once(place: Place, gallery: Any) -> None:
    place.behind.names = {str(number): f"Workflow {number}" for number in range(1000)}
    everything = said([{"id": key, "metaInfo": {"name": name}} for key, name in place.behind.names.items()])
    place.server.ill = [everything, everything]
    assert len(await done(gallery.workflows.list())) == 1000


@pytest.mark.parametrize(("length", "text"), [(len(FILE) + 10, "broke off"), (5, None)])
async def test_a_file_of_another_length_than_announced_is_not_kept(
    place: Place, connect: Connect, once: Options, tmp_path: Path, length: int, text: str | None
) -> None:
    gallery = connect(place.server, auth="oauth1", options=once)
    job = await done(gallery.run("Monthly Load"))
    place.server.ill = [Response(200, FILE, length=length)]
    if text is None:
        assert (await done(job.outputs[0].save(tmp_path))).read_bytes() == FILE[:length]
        return
    with pytest.raises(BadAnswer, match=text):
        await done(job.outputs[0].save(tmp_path))
    assert inside(tmp_path) == []


async def test_a_download_that_breaks_begins_again(place: Place, connect: Connect, tmp_path: Path, time: Time) -> None:
    job = await done(connect(place.server, auth="oauth1").run("Monthly Load"))
    place.server.ill = [Response(200, FILE, cut=7), RESET]
    assert (await done(job.outputs[0].save(tmp_path))).read_bytes() == FILE
    assert job.workflow_id == WORKFLOW


def test_a_key_is_not_sent_where_it_is_not_asked_for(of_age: OfAge) -> None:
    assert KEY not in of_age("2019").server.url
