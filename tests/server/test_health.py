"""Health and readiness are told to anybody, without detail and without waiting for what the asker sends."""

from __future__ import annotations

import socket

import pytest

from openyx.errors import StoreUnreachable
from tests.server.conftest import Serve
from tests.server.support import Address

HEALTH, READY = "/openyx/v1/health", "/openyx/v1/ready"


def test_both_are_told_without_a_key(gallery: Address) -> None:
    for path, status in ((HEALTH, "alive"), (READY, "ready")):
        answer = gallery.http.get(gallery.url + path)
        assert (answer.status_code, answer.json()) == (200, {"status": status})
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("age", ["2019", "2021.4", "2022", "2025"])
def test_every_age_tells_them(serve: Serve, age: str) -> None:
    gallery = serve(compat=age)
    assert [gallery.http.get(gallery.url + path).status_code for path in (HEALTH, READY)] == [200, 200]


def test_a_wrong_key_does_not_matter(gallery: Address) -> None:
    for authorization in ("Bearer wrong", "OAuth oauth_consumer_key=x", "Basic x"):
        answer = gallery.http.get(gallery.url + HEALTH, headers={"Authorization": authorization})
        assert answer.status_code == 200


def test_head_is_told_the_same_without_a_body(gallery: Address) -> None:
    for path in (HEALTH, READY):
        full, head = gallery.http.get(gallery.url + path), gallery.http.head(gallery.url + path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_else_can_be_done_there(gallery: Address, method: str) -> None:
    for path in (HEALTH, READY):
        refused = gallery.http.request(method, gallery.url + path, json={})
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", [HEALTH, READY])
def test_a_body_that_is_announced_is_not_waited_for(gallery: Address, path: str) -> None:
    host, port = gallery.host.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as peer:
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: {gallery.host}\r\nContent-Length: 500000\r\n\r\n".encode())
        assert peer.recv(1 << 16).startswith(b"HTTP/1.1 200")


def test_a_gallery_that_is_not_ready_says_no_more_than_that(gallery: Address) -> None:
    gallery.store.readiness.room = 1 << 62
    answer = gallery.http.get(gallery.url + READY)
    assert answer.status_code == 503
    assert answer.json() == {"message": "The gallery cannot take anything right now.", "code": "not_ready", "hint": ""}
    assert gallery.http.head(gallery.url + READY).status_code == 503
    assert gallery.http.get(gallery.url + HEALTH).status_code == 200


def test_a_server_without_its_database_lives_and_is_not_ready(
    gallery: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnreachable("The gallery's database cannot be reached: no route to 10.1.2.3")

    monkeypatch.setattr(gallery.store._database, "one", away)
    answer = gallery.http.get(gallery.url + READY)
    assert (answer.status_code, "10.1.2.3" in answer.text) == (503, False)
    assert gallery.http.get(gallery.url + HEALTH).status_code == 200
