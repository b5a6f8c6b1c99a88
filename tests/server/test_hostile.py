"""Requests that mean harm, or nothing at all: an answer below 500, soon, and the gallery goes on."""

from __future__ import annotations

import json
import socket
import string
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openyx.server import Limits
from tests.server.conftest import Serve
from tests.server.support import Address

QUICK = Limits(head=16_000, body=100_000, upload=200_000, patience=0.5)


@pytest.fixture
def gallery(serve: Serve) -> Address:
    """A gallery with little patience."""
    return serve(limits=QUICK)


@contextmanager
def talking(gallery: Address) -> Generator[Callable[[bytes], bytes]]:
    """A connection: send bytes, get all that comes until the answer is complete or the connection ends."""
    host, port = gallery.host.split(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:

        def say(text: bytes) -> bytes:
            with suppress(OSError):
                connection.sendall(text)
            heard = b""
            while True:
                try:
                    piece = connection.recv(65536)
                except ConnectionResetError:
                    return heard
                heard += piece
                head, end, body = heard.partition(b"\r\n\r\n")
                length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                               if line.startswith(b"content-length:")), 0)  # fmt: skip
                if not piece or (end and len(body) >= length):
                    return heard

        yield say


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def goes_on(gallery: Address) -> None:
    assert gallery.bearer("GET", "/webapi/v3/workflows").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        b"/webapi/v3/jobs/%",
        b"/webapi/v3/jobs/%zz",
        b"/webapi/v3/jobs/%ff%fe",
        b"/webapi/v3/jobs/%00",
        b"/webapi/v3/jobs/..%2f..%2fetc%2fpasswd",
        b"/webapi/v3/../../etc/passwd",
        b"/webapi/v3/jobs/%2e%2e/messages",
        b"/webapi/v3/jobs/" + b"a" * 10_000,
        b"/webapi/v3/workflows?" + b"&" * 10_000,
        b"/webapi/v3/workflows?name=%ff%00%zz&name",
        b"/webapi/v3/workflows?=&==&%",
        b"//////",
        b"http://elsewhere.example.com/webapi/v3/workflows",
        b"*",
        b"/\xc3\xa9",
        b"/?oauth_signature=%ff&oauth_nonce=%00",
    ],
)
def test_odd_targets_are_answered(gallery: Address, path: bytes) -> None:
    token = gallery.store.tokens.issue(gallery.user.key).text.reveal().encode()
    with talking(gallery) as say:
        answer = say(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + b"\r\n\r\n")
    assert 200 <= status(answer) < 500
    goes_on(gallery)


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET /webapi/v3/workflows HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\nx",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"b" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 4_000 + b"\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"b" * 40_000,
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        b"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_what_is_hardly_http_is_refused(gallery: Address, request_: bytes) -> None:
    with talking(gallery) as say:
        answer = say(request_)
    assert status(answer) < 500
    goes_on(gallery)


def test_a_head_that_is_too_long_is_named(gallery: Address) -> None:
    for text in (b"GET / HTTP/1.1\r\nA: " + b"b" * 20_000 + b"\r\n\r\n", b"GET / HTTP/1.1\r\nA: " + b"b" * 20_000):
        with talking(gallery) as say:
            answer = say(text)
        assert status(answer) == 431
        assert b"openyx-version" in answer.lower()


def test_many_small_requests_on_one_connection_are_no_long_head(gallery: Address) -> None:
    with talking(gallery) as say:
        for _ in range(200):
            answer = say(b"GET /openyx/v1/key HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 200 + b"\r\n\r\n")
            assert status(answer) == 401


def test_an_unfinished_head_is_cut_off(gallery: Address) -> None:
    for start in (b"", b"GET / HTTP/1.1\r\nHost:"):
        with talking(gallery) as say:
            assert say(start) == b""


@pytest.mark.parametrize("path", ["/webapi/oauth2/token", "/webapi/v3/workflows"])
def test_a_truncated_body_is_not_waited_for_for_ever(gallery: Address, path: str) -> None:
    token = gallery.store.tokens.issue(gallery.user.key).text.reveal()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\ngrant_type="
    )
    with talking(gallery) as say:
        answer = say(head.encode())
    assert status(answer) == 408


def test_a_client_that_leaves_in_the_middle_is_forgotten(gallery: Address) -> None:
    token = gallery.store.tokens.issue(gallery.user.key).text.reveal()
    host, port = gallery.host.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            f"POST /webapi/v3/workflows HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 90000\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'.encode()
        )
    goes_on(gallery)


def test_a_body_that_is_too_large_is_refused(gallery: Address) -> None:
    workflow = gallery.publish()
    path = f"/gallery/api/v1/workflows/{workflow}/jobs/"
    declared = gallery.signed("POST", path, content=b" " * 150_000)
    chunked = gallery.signed("POST", path, content=(b" " * 10_000 for _ in range(15)))
    for answer in (declared, chunked):
        assert (answer.status_code, answer.json()["exceptionName"]) == (413, "PayloadTooLargeException")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 90_000,
        b'{"questions":' * 5_000,
        b'{"questions":' + b"[" * 80 + b"]" * 80 + b"}",
        b'{"a":' + b"9" * 90_000 + b"}",
        b'{"questions":[{"name":"\\ud800","value":"x"}]}',
        b'{"questions":[{"name":"x","value":"\\udfff"}]}',
        b'{"priority":"\\ud800"}',
        b"\xff\xfe",
        b'{"questions":[{"name":"\\u0000","value":"\\u0000"}]}',
        b'{"workerTag":{"a":1}}',
    ],
)
def test_json_bombs_are_refused(gallery: Address, body: bytes) -> None:
    workflow = gallery.publish()
    answer = gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/jobs", content=body)
    assert answer.status_code in (200, 400), answer.text
    goes_on(gallery)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]),
    path=st.sampled_from(
        ["/webapi/v3/workflows", "/webapi/v3/jobs", "/webapi/v1/jobs/x", "/gallery/api/v1/workflows/x/jobs/",
         "/webapi/oauth2/token", "/openyx/v1/jobs", "/gallery/api/v1/workflows/subscription/",
         "/webapi/v3/workflows/x/jobs"]
    ),
    more=st.text(string.printable + "äß\x00💥", max_size=20),
    query=st.lists(
        st.tuples(
            st.sampled_from(["limit", "offset", "sortField", "direction", "search", "name", "status", "createdAfter",
                             "includeMessages", "oauth_nonce", "oauth_signature", "packageType", "statuses", "users"]),
            st.text(max_size=12),
        ),
        max_size=5,
    ),
    authorization=st.one_of(
        st.just("token"), st.just("signed"), st.text(string.ascii_letters + string.digits + ' =",%', max_size=40)
    ),
    body=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
            lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(["questions", "name", "value",
                                                                                      "priority", "workerTag"]), each),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    ),
    kind=st.sampled_from(
        ["application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""]
    ),
)  # fmt: skip
def test_whatever_comes_no_answer_is_a_server_error(
    shared_gallery: Address,
    method: str,
    path: str,
    more: str,
    query: list[tuple[str, str]],
    authorization: str,
    body: bytes,
    kind: str,
) -> None:
    gallery = shared_gallery
    target = f"{path}{quote(more, safe='/%')}?{urlencode(query)}"
    headers = {"Content-Type": kind} if kind else {}
    if authorization == "token":
        answer = gallery.bearer(method, target, content=body, headers=headers)
    elif authorization == "signed":
        answer = gallery.signed(method, target, content=body, headers=headers)
    else:
        headers["Authorization"] = authorization.strip()
        answer = gallery.http.request(method, gallery.url + target, content=body, headers=headers)
    assert answer.status_code < 500, answer.text


@pytest.fixture
def shared_gallery(serve: Serve) -> Address:
    """A gallery that serves all examples of a property."""
    return serve(limits=QUICK)
