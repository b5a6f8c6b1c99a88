"""A browser that is sent to a gallery's address is told what this is; a program is told what it always was."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.server.conftest import Serve
from tests.server.support import Address

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/", "/gallery", "/gallery/", "/Gallery/"])
def test_a_browser_is_told_what_this_is(gallery: Address, path: str) -> None:
    answer = gallery.http.get(gallery.url + path, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"This is a gallery of OpenYX {version('openyx')}" in answer.text
    assert "docs/guide.md" in answer.text
    head = gallery.http.head(gallery.url + path, headers=BROWSER)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(answer.content)))


def test_so_is_one_that_asks_for_the_gallerys_own_address(serve: Serve) -> None:
    gallery = serve(base_address="http://ayx.example.com/office/")
    assert gallery.http.get(f"{gallery.url}/office/", headers=BROWSER).status_code == 200


@pytest.mark.parametrize("path", ["/", "/gallery", "/gallery/"])
@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_a_program_finds_nothing_there(gallery: Address, path: str, accept: str) -> None:
    answer = gallery.http.get(gallery.url + path, headers={"Accept": accept})
    assert (answer.status_code, answer.json()["message"]) == (404, f"There is nothing at {path}.")


@pytest.mark.parametrize("path", ["/gallery/api", "/gallery/x", "/webapi", "/openyx"])
def test_elsewhere_a_browser_finds_what_a_program_does(gallery: Address, path: str) -> None:
    assert gallery.http.get(gallery.url + path, headers=BROWSER).status_code == 404


def test_nothing_is_sent_there(gallery: Address) -> None:
    assert gallery.http.post(f"{gallery.url}/gallery/", headers=BROWSER).status_code == 404
