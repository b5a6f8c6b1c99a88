"""Which requests reach which handler, and what becomes of those that reach none."""

from __future__ import annotations

import pytest

from openyx.errors import NotFound
from openyx.server import Settings, compat
from openyx.server.compat import Family
from openyx.server.failures import NotAMethod
from openyx.server.handlers import handlers, unhandled
from openyx.server.routes import Routes
from tests.server.support import Address


@pytest.fixture
def routes() -> Routes:
    return Routes(Settings())


def test_every_endpoint_of_the_contract_has_a_handler() -> None:
    assert unhandled() == [], "endpoints without a handler"
    assert len(handlers()) > 20


@pytest.mark.parametrize(
    "path",
    [
        "/gallery/api/v1/jobs/7f/",
        "/gallery/api/v1/jobs/7f",
        "//gallery/api//v1/jobs/7f//",
        "/Gallery/API/V1/Jobs/7f/",
        "/gallery/api/v1/j%6Fbs/7f/",
        "/webapi/v1/jobs/7f",
        "/webapi//v1/jobs/7f/",
    ],
)
def test_slashes_and_case_of_literals_do_not_matter(routes: Routes, path: str) -> None:
    match = routes.match("GET", path)
    assert match.route.handler.endpoint.path == "v1/jobs/{job_id}"
    assert match.path == {"job_id": "7f"}


def test_parameters_are_decoded_once_and_keep_their_case(routes: Routes) -> None:
    assert routes.match("GET", "/webapi/v3/jobs/A%2Fb%2520c").path == {"job_id": "A/b%20c"}


@pytest.mark.parametrize("prefix", ["/gallery/api", "/webapi"])
@pytest.mark.parametrize("path", ["v1/workflows/57/package", "v1/57/package/"])
def test_both_families_serve_both_paths_of_a_package(routes: Routes, prefix: str, path: str) -> None:
    match = routes.match("GET", f"{prefix}/{path}")
    assert match.route.handler.endpoint.path == "v1/workflows/{app_id}/package"
    assert match.path == {"app_id": "57"}


def test_a_literal_goes_before_a_parameter(routes: Routes) -> None:
    assert routes.match("GET", "/webapi/v1/jobs/package").path == {"job_id": "package"}


def test_v3_does_not_stand_under_oauth_1(routes: Routes) -> None:
    with pytest.raises(NotFound):
        routes.match("GET", "/gallery/api/v3/workflows")


def test_a_known_path_with_another_method_says_what_it_takes(routes: Routes) -> None:
    with pytest.raises(NotAMethod) as caught:
        routes.match("PUT", "/webapi/v3/workflows/57/jobs")
    assert caught.value.allowed == ("GET", "HEAD", "OPTIONS", "POST")


def test_a_base_address_without_gallery_has_the_api_at_its_root() -> None:
    routes = Routes(Settings(base_address="http://ayx.example.com/"))
    assert routes.match("GET", "/api/v1/jobs/7f/").route.family is Family.GALLERY
    assert routes.match("GET", "/gallery/api/v1/jobs/7f/").route.family is Family.GALLERY


@pytest.mark.parametrize(
    ("age", "there", "gone"),
    [
        ("2019", ["/gallery/api/v1/jobs/7"], ["/webapi/v1/jobs/7", "/webapi/oauth2/token"]),
        ("2021.4", ["/gallery/api/v1/jobs/7", "/webapi/v1/jobs/7", "/webapi/v3/jobs"], []),
        ("2022", ["/webapi/v1/jobs/7", "/webapi/v3/workflows"], ["/gallery/api/v1/jobs/7", "/webapi/v3/jobs/7"]),
        ("2025", ["/webapi/v3/jobs/7", "/webapi/v3/jobs"], ["/gallery/api/v1/jobs/7"]),
    ],
)
def test_each_age_serves_its_own_routes(age: str, there: list[str], gone: list[str]) -> None:
    routes = Routes(Settings(compat=compat(age)))
    for path in there:
        assert routes.match("GET", path)
    for path in gone:
        with pytest.raises((NotFound, NotAMethod)):
            routes.match("GET", path)


def test_unknown_routes_answer_404_in_the_form_of_their_family(gallery: Address) -> None:
    under_gallery = gallery.http.get(f"{gallery.url}/gallery/api/v1/nothing/")
    assert under_gallery.status_code == 404
    assert list(under_gallery.json()) == ["data", "exceptionName", "innerExceptionMessage", "message"]
    assert under_gallery.json()["exceptionName"] == "NotFoundException"
    under_webapi = gallery.http.get(f"{gallery.url}/webapi/v3/nothing")
    assert (under_webapi.status_code, list(under_webapi.json())) == (404, ["message"])
    assert gallery.http.get(f"{gallery.url}/").status_code == 404


def test_wrong_methods_answer_405_with_allow(gallery: Address) -> None:
    answer = gallery.http.delete(f"{gallery.url}/webapi/v3/workflows")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert gallery.http.get(f"{gallery.url}/webapi/oauth2/token").headers["allow"] == "OPTIONS, POST"


def test_nothing_is_redirected(gallery: Address) -> None:
    for path in ("/webapi/v3/workflows/", "//webapi//v3/workflows"):
        assert gallery.bearer("GET", path).status_code == 200


def test_head_answers_the_headers_of_get_without_a_body(gallery: Address) -> None:
    got, head = (gallery.bearer(method, "/webapi/v3/workflows") for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


def test_options_says_what_a_path_takes(gallery: Address) -> None:
    answer = gallery.http.options(f"{gallery.url}/webapi/v3/jobs/7")
    assert (answer.status_code, answer.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS")
