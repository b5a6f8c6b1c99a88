"""What every answer has, and what becomes of what breaks."""

from __future__ import annotations

import json
import logging
from io import StringIO
from typing import Any

import httpx2
import pytest

import openyx.server.v3.workflows as handlers_of_workflows
from openyx.errors import (
    AnswerError,
    AskedWrongly,
    BadRequest,
    Conflict,
    DiskFull,
    DocumentError,
    Missing,
    NotAllowed,
    NotFound,
    NotLetIn,
    OpenYXError,
    StoreUnreachable,
    TooMany,
    UnreadableData,
)
from openyx.logs import show_logs
from openyx.queue import Queue
from openyx.server import Settings, build_app
from openyx.server.compat import Family
from openyx.server.failures import failure, status_of
from openyx.store import Contended, Store
from tests.server.conftest import Serve
from tests.server.support import Address


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (BadRequest("x"), 400, "BadRequestException"),
        (BadRequest("x", status=413), 413, "PayloadTooLargeException"),
        (AskedWrongly("x"), 400, "BadRequestException"),
        (AnswerError("x"), 400, "BadRequestException"),
        (DocumentError("x"), 400, "BadRequestException"),
        (Missing("x"), 400, "BadRequestException"),
        (NotLetIn("x"), 401, "UnauthorizedException"),
        (NotAllowed("x"), 403, "ForbiddenException"),
        (NotFound("x"), 404, "NotFoundException"),
        (Conflict("x"), 409, "ConflictException"),
        (TooMany("x", retry_after=3), 429, "TooManyRequestsException"),
        (OpenYXError("x"), 500, "Exception"),
        (DiskFull("x"), 507, "InsufficientStorageException"),
        (UnreadableData("x"), 500, "Exception"),
        (StoreUnreachable("x"), 503, "ServiceUnavailableException"),
    ],
)
def test_each_error_has_its_status_and_its_name(error: OpenYXError, status: int, name: str) -> None:
    assert status_of(error) == status
    reply = failure(error, Family.GALLERY)
    assert (reply.status, json.loads(reply.content)["exceptionName"]) == (status, name)


def test_errors_have_the_form_of_their_family() -> None:
    error = NotFound("Job 7 was not found.", hint="look again")
    told = {family: json.loads(failure(error, family).content) for family in Family}
    assert told[Family.GALLERY] == {
        "data": None,
        "exceptionName": "NotFoundException",
        "innerExceptionMessage": "",
        "message": "Job 7 was not found. (look again)",
    }
    assert told[Family.WEBAPI] == {"message": "Job 7 was not found. (look again)"}
    assert told[Family.OWN] == {"message": "Job 7 was not found.", "code": "not_found", "hint": "look again"}


def test_a_401_says_which_scheme_is_taken() -> None:
    assert failure(NotLetIn("x"), Family.GALLERY).headers["WWW-Authenticate"] == "OAuth"
    assert failure(NotLetIn("x"), Family.WEBAPI).headers["WWW-Authenticate"] == "Bearer"


def test_every_answer_says_the_version_and_has_an_id(gallery: Address) -> None:
    answers = [
        gallery.bearer("GET", "/webapi/v3/workflows"),
        gallery.http.get(f"{gallery.url}/nothing"),
        gallery.http.get(f"{gallery.url}/webapi/v3/workflows"),
    ]
    assert {answer.headers["openyx-version"] for answer in answers} == {"0.1.0"}
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3
    assert "date" in answers[0].headers
    assert answers[0].headers["content-type"] == "application/json; charset=utf-8"
    assert not answers[0].content.startswith(b"\xef\xbb\xbf")


def test_what_breaks_is_told_to_the_log_and_not_to_the_client(
    gallery: Address, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret plan")

    monkeypatch.setattr(handlers_of_workflows.list_, "function", broken)
    answer = gallery.bearer("GET", "/webapi/v3/workflows")
    assert answer.status_code == 500
    assert "plan" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["message"]
    assert "the secret plan" in caplog.text
    assert gallery.bearer("GET", "/webapi/v3/jobs").status_code == 200


def test_who_was_slower_than_somebody_else_may_try_again(gallery: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    def slower(*_: object, **__: object) -> None:
        raise Contended("duplicate key value violates unique constraint")

    monkeypatch.setattr(handlers_of_workflows.publish, "function", slower)
    answer = gallery.bearer("POST", "/webapi/v3/workflows", files={"file": ("x.yxmd", b"x")})
    assert answer.status_code == 409
    assert "constraint" not in answer.text


def test_pages_of_configured_origins_may_call(serve: Serve) -> None:
    gallery = serve(origins=("https://app.example.com",))
    url = f"{gallery.url}/webapi/v3/workflows"
    asked = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
    preflight = gallery.http.options(url, headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://app.example.com"
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert "POST" in preflight.headers["access-control-allow-methods"]
    answer = gallery.bearer("GET", "/webapi/v3/workflows", headers={"Origin": "https://app.example.com"})
    assert answer.headers["access-control-allow-origin"] == "https://app.example.com"
    other = gallery.bearer("GET", "/webapi/v3/workflows", headers={"Origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in other.headers
    assert other.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "text",
    ["foo", "app.example.com", "*", "null", "https://", "https://app.example.com/", "https://app.example.com/page",
     "https://App.example.com", "https://me@app.example.com", "http://[::1", "https://app.example.com:443",
     "http://app.example.com:80", "https://app.example.com:99999", "https://app.example.com:", "https://a:b", ""],
)  # fmt: skip
def test_what_no_browser_sends_as_an_origin_is_refused(text: str) -> None:
    with pytest.raises(AskedWrongly, match="no origin of web pages"):
        Settings(origins=(text,))


@pytest.mark.parametrize("text", ["https://app.example.com", "http://localhost:3000", "http://[::1]:8080"])
def test_an_origin_has_a_scheme_a_host_and_perhaps_a_port(text: str) -> None:
    assert Settings(origins=(text,)).origins == (text,)


def test_no_page_may_call_unless_it_is_configured(gallery: Address) -> None:
    answer = gallery.bearer("GET", "/webapi/v3/workflows", headers={"Origin": "https://app.example.com"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_the_application_answers_in_process(store: Store) -> None:
    app: Any = build_app(store, Queue(store), Settings())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://gallery") as http:
        answer = await http.get("/webapi/v3/workflows")
    assert answer.json() == {"message": "Authorization has been denied for this request."}


@pytest.mark.parametrize("text", ["ayx.example.com/gallery", "http://", "http://a?b=c", "http://[::1"])
def test_a_base_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(AskedWrongly, match="no address"):
        Settings(base_address=text)


def test_events_are_lines_of_json_without_secrets(gallery: Address) -> None:
    out = StringIO()
    logger = logging.getLogger("openyx")
    before = (logger.handlers, logger.level, logger.propagate)
    last_resort = logging.lastResort
    try:
        show_logs(out)
        workflow = gallery.publish()
        started = gallery.signed("POST", f"/gallery/api/v1/workflows/{workflow}/jobs/")
        gallery.http.get(f"{gallery.url}/nothing")
    finally:
        logger.handlers, logger.level, logger.propagate = before
        logging.lastResort = last_resort
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [event["event"] for event in events] == [
        "workflow published", "request", "request", "request",
    ]  # fmt: skip
    started_by = {"job": started.json()["id"], "workflow": workflow, "user": gallery.studio.key.user_id}
    assert started_by.items() <= events[2].items()
    assert {"at", "level", "request", "method", "path", "status", "ms"} <= events[1].keys()
    assert gallery.studio.secret.reveal() not in out.getvalue()
    assert "oauth_signature" not in out.getvalue()


def test_what_a_library_warns_of_is_an_event_too() -> None:
    out, logger = StringIO(), logging.getLogger("openyx")
    before, last_resort = (logger.handlers, logger.level, logger.propagate), logging.lastResort
    library = logging.getLogger("a.library")
    library.propagate = False
    try:
        show_logs(out)
        library.warning("odd boundary in %s", "x")
    finally:
        logger.handlers, logger.level, logger.propagate = before
        logging.lastResort = last_resort
    event = json.loads(out.getvalue())
    assert (event["level"], event["event"]) == ("warning", "odd boundary in x")
