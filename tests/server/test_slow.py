"""Who is slow, silent, greedy or one too many: cut off on a real server, while others are served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from openyx.server import Limits
from openyx.store import Disposition, WorkflowQuery
from tests.server.conftest import Serve
from tests.server.support import PLAIN, Address

LIMITS = Limits(head=16_000, body=100_000, upload=50_000_000, patience=0.5, slowest=1000, connections=20)
SIZE = 40_000_000
LONG = 60.0
"""Seconds that nothing here needs, on whatever machine."""


@pytest.fixture
def gallery(serve: Serve) -> Address:
    return serve(limits=LIMITS)


def connected(gallery: Address, *, buffer: int = 0) -> socket.socket:
    parts = urlsplit(gallery.url)
    assert parts.hostname is not None
    assert parts.port is not None
    connection = socket.socket()
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.settimeout(LONG)
    connection.connect((parts.hostname, parts.port))
    return connection


def all_of(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection; TimeoutError when it does not."""
    heard = b""
    with suppress(ConnectionError):
        while piece := connection.recv(65536):
            heard += piece
    return heard


def head(gallery: Address, method: str, path: str, *more: str) -> bytes:
    token = gallery.store.tokens.issue(gallery.user.key).text.reveal()
    return "\r\n".join(
        (f"{method} {path} HTTP/1.1", "Host: a", f"Authorization: Bearer {token}", *more, "", "")
    ).encode()


def trickled(connection: socket.socket, pieces: Generator[bytes], pause: float) -> bytes:
    """Send piece after piece with pauses until the server ends the connection; what it said."""
    over = threading.Event()

    def send() -> None:
        with suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
                if over.wait(pause):
                    return

    sender = threading.Thread(target=send)
    sender.start()
    try:
        return all_of(connection)
    finally:
        over.set()
        sender.join()


def forever(piece: bytes) -> Generator[bytes]:
    while True:
        yield piece


def goes_on(gallery: Address) -> None:
    assert gallery.bearer("GET", "/webapi/v3/workflows").status_code == 200


def test_who_connects_and_is_silent_is_cut_off(gallery: Address) -> None:
    with closing(connected(gallery)) as connection:
        assert all_of(connection) == b""


def test_a_head_that_comes_drop_by_drop_is_cut_off(gallery: Address) -> None:
    with closing(connected(gallery)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        assert trickled(connection, forever(b"a"), 0.05) == b""


def test_a_second_head_that_comes_drop_by_drop_is_cut_off(gallery: Address) -> None:
    with closing(connected(gallery)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nX: ")
        assert trickled(connection, forever(b"a"), 0.05).count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("path", ["/webapi/oauth2/token", "/webapi/v3/workflows"])
def test_a_body_that_comes_drop_by_drop_is_refused_and_cut_off(gallery: Address, path: str) -> None:
    kind = "Content-Type: multipart/form-data; boundary=x"
    with closing(connected(gallery)) as connection:
        connection.sendall(head(gallery, "POST", path, kind, "Content-Length: 10000"))
        answer = trickled(connection, forever(b"a"), 0.05)
    assert answer.startswith(b"HTTP/1.1 408 ")
    goes_on(gallery)


def test_a_body_in_chunks_that_come_drop_by_drop_is_refused(gallery: Address) -> None:
    workflow = gallery.publish()
    with closing(connected(gallery)) as connection:
        connection.sendall(head(gallery, "POST", f"/webapi/v3/workflows/{workflow}/jobs", "Transfer-Encoding: chunked"))
        answer = trickled(connection, forever(b"1\r\n \r\n"), 0.05)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_body_behind_its_answer_is_not_swallowed_for_ever(gallery: Address) -> None:
    for pieces, pause in ((forever(b"a"), 0.05), (forever(b"a" * 10_000), 0.0), (forever(b""), 0.1)):
        with closing(connected(gallery)) as connection:
            connection.sendall(b"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000000\r\n\r\n")
            assert trickled(connection, pieces, pause)[:13] in (b"HTTP/1.1 404 ", b"")
    goes_on(gallery)


def test_trailers_without_end_are_cut_off(gallery: Address) -> None:
    workflow = gallery.publish()
    with closing(connected(gallery)) as connection:
        start = head(gallery, "POST", f"/webapi/v3/workflows/{workflow}/jobs", "Transfer-Encoding: chunked")
        connection.sendall(start + b"2\r\n{}\r\n0\r\n")
        answer = trickled(connection, (f"X{number}: {'y' * 1000}\r\n".encode() for number in range(10**9)), 0.0)
    assert answer[:13] in (b"HTTP/1.1 400 ", b"")
    goes_on(gallery)


def test_who_does_not_take_a_download_is_cut_off(gallery: Address, opened: list[BinaryIO]) -> None:
    path = output(gallery)
    with closing(connected(gallery, buffer=4096)) as connection:
        connection.sendall(head(gallery, "GET", path))
        assert connection.recv(1) == b"H"
        wait_until(lambda: bool(opened) and opened[0].closed)
        assert len(all_of(connection)) < SIZE
    goes_on(gallery)


def test_who_takes_a_download_slowly_but_steadily_gets_it_whole(gallery: Address) -> None:
    path = output(gallery)
    with closing(connected(gallery)) as connection:
        connection.sendall(head(gallery, "GET", path, "Connection: close"))
        size = 0
        while piece := connection.recv(1 << 20):
            size += len(piece)
            time.sleep(0.01)
    assert size > SIZE


def test_a_client_that_leaves_ends_its_download(gallery: Address, opened: list[BinaryIO]) -> None:
    path = output(gallery)
    with closing(connected(gallery, buffer=4096)) as connection:
        connection.sendall(head(gallery, "GET", path))
        assert connection.recv(1) == b"H"
    wait_until(lambda: bool(opened) and opened[0].closed)


def test_a_download_ends_when_its_key_is_revoked(serve: Serve) -> None:
    gallery = serve(limits=replace(LIMITS, patience=LONG))
    path = output(gallery)
    with closing(connected(gallery, buffer=4096)) as connection:
        connection.sendall(head(gallery, "GET", path, "Connection: close"))
        assert connection.recv(1) == b"H"
        gallery.store.keys.revoke(gallery.user.key.key)
        size = 0
        with suppress(ConnectionError):
            # Slowly: who has been let in is looked at again once a second.
            while piece := connection.recv(65536):
                size += len(piece)
                time.sleep(0.01)
    assert size < SIZE


def test_an_upload_whose_key_is_revoked_meanwhile_is_not_kept(gallery: Address) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.yxmd"\r\n\r\n' + PLAIN
    end = b"\r\n--x--\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x"
    with closing(connected(gallery)) as connection:
        length = f"Content-Length: {len(body) + len(end)}"
        connection.sendall(head(gallery, "POST", "/webapi/v3/workflows", kind, length, "Expect: 100-continue"))
        # It is told to go on when it has been let in.
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        gallery.store.keys.revoke(gallery.user.key.key)
        connection.sendall(body + end)
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")
    assert gallery.store.workflows.list(WorkflowQuery()) == []


def test_a_connection_that_is_kept_ends_with_its_key(gallery: Address) -> None:
    first = head(gallery, "GET", "/webapi/v3/workflows")
    second = head(gallery, "GET", "/webapi/v3/workflows", "Connection: close")
    with closing(connected(gallery)) as connection:
        connection.sendall(first)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        gallery.store.keys.revoke(gallery.user.key.key)
        connection.sendall(second)
        assert b"HTTP/1.1 401 " in all_of(connection)


def test_silent_connections_make_room_for_one_that_asks(serve: Serve) -> None:
    gallery = serve(limits=replace(LIMITS, patience=LONG))
    silent = [connected(gallery) for _ in range(60)]
    with closing(connected(gallery)) as connection:
        connection.sendall(head(gallery, "GET", "/webapi/v3/workflows", "Connection: close"))
        assert all_of(connection).startswith(b"HTTP/1.1 200 ")
    for each in silent[:40]:
        assert all_of(each) == b""
    for each in silent:
        each.close()


def test_when_all_are_busy_one_more_is_told_so(serve: Serve) -> None:
    gallery = serve(limits=replace(LIMITS, patience=LONG))
    busy = [connected(gallery) for _ in range(LIMITS.connections)]
    for each in busy:
        each.sendall(head(gallery, "POST", "/webapi/oauth2/token", "Content-Length: 10", "Expect: 100-continue"))
    for each in busy:
        assert each.recv(100).startswith(b"HTTP/1.1 100 ")
    with closing(connected(gallery)) as connection:
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5\r\n" in answer
    busy.pop().close()
    wait_until(lambda: _answers(gallery))
    for each in busy:
        each.close()


def _answers(gallery: Address) -> bool:
    with closing(connected(gallery)) as connection:
        connection.sendall(head(gallery, "GET", "/webapi/v3/workflows", "Connection: close"))
        return all_of(connection).startswith(b"HTTP/1.1 200 ")


def test_too_many_headers_are_named(gallery: Address) -> None:
    with closing(connected(gallery)) as connection:
        connection.sendall(head(gallery, "GET", "/webapi/v3/workflows", *("A: b" for _ in range(LIMITS.headers))))
        assert all_of(connection).startswith(b"HTTP/1.1 431 ")
    with closing(connected(gallery)) as connection:
        few = ("A: b" for _ in range(LIMITS.headers - 3))
        connection.sendall(head(gallery, "GET", "/webapi/v3/workflows", "Connection: close", *few))
        assert all_of(connection).startswith(b"HTTP/1.1 200 ")


def test_too_many_parameters_are_refused(gallery: Address) -> None:
    fits = "&".join(f"a{number}=1" for number in range(LIMITS.parameters))
    assert gallery.bearer("GET", f"/webapi/v3/workflows?{fits}").status_code == 200
    assert gallery.bearer("GET", f"/webapi/v3/workflows?{fits}&b=1").status_code == 400


def test_a_request_for_a_token_is_short(gallery: Address) -> None:
    answer = gallery.http.post(f"{gallery.url}/webapi/oauth2/token", content=b"a=b&" * 5_000)
    assert (answer.status_code, answer.json()) == (413, {"message": "The body is larger than 16,384 bytes."})


@pytest.mark.parametrize("field", ["name", "workerTag", "sourceAppId"])
def test_names_are_bounded(gallery: Address, field: str) -> None:
    files = {"file": ("Load.yxmd", PLAIN)}
    for length, status in ((255, 200), (256, 400)):
        form = {"name": f"Load {length}", field: "x" * length}
        assert gallery.bearer("POST", "/webapi/v3/workflows", files=files, data=form).status_code == status


def test_a_nonce_is_bounded(gallery: Address) -> None:
    query = "oauth_consumer_key=a&oauth_signature_method=HMAC-SHA1&oauth_signature=b&oauth_timestamp=1&oauth_nonce="
    url = f"{gallery.url}/gallery/api/v1/workflows/subscription/?{query}"
    assert "nonce" in gallery.http.get(url + "x" * 256).json()["message"]
    assert "API Key" in gallery.http.get(url + "x" * 255).json()["message"]


def output(gallery: Address) -> str:
    """The path of an output of SIZE bytes."""
    workflow = gallery.publish()
    job: str = gallery.bearer("POST", f"/webapi/v3/workflows/{workflow}/jobs", json={}).json()["id"]
    gallery.finish(job, Disposition.SUCCESS, out__csv=bytes(SIZE))
    return f"/webapi/v1/jobs/{job}/output/{gallery.store.outputs.of(job)[0].id}"


@pytest.fixture
def opened(gallery: Address, monkeypatch: pytest.MonkeyPatch) -> list[BinaryIO]:
    """The blobs that the gallery opens from now on."""
    files: list[BinaryIO] = []
    real = gallery.store.blobs.open

    def opening(digest: str) -> BinaryIO:
        files.append(real(digest))
        return files[-1]

    monkeypatch.setattr(gallery.store.blobs, "open", opening)
    return files


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
