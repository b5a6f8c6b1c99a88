"""Finding out what a server speaks: with few requests, and without handing the secret out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openyx.api.calls import Sleep, Step
from openyx.client.access import keeping
from openyx.client.access.address import parse
from openyx.client.access.known import Family
from openyx.client.access.probe import Found, probe
from openyx.client.access.profiles import Profile, Profiles
from openyx.client.access.secret import Secret
from openyx.client.http.exchange import Headers, Reply, Transmit
from openyx.errors import AskedWrongly, NotFound, NotLetIn, OpenYXError, ServerError, TooMany
from tests.client.conftest import Place, done
from tests.client.servers import KEY, PAGE, SECRET, Request, Response, page, said

BASIC = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
HTML = Reply(status=404, headers=Headers({"content-type": "text/html"}), content=PAGE)
ASKS = Reply(status=400, headers=Headers(), content=b'{"error":"invalid_client","error_description":"x"}')
TOKEN = Reply(status=200, headers=Headers(), content=b'{"access_token":"AQAA","token_type":"bearer","expires_in":3599}')
UNSIGNED = Reply(
    status=401,
    headers=Headers(),
    content=b'{"data":null,"exceptionName":"UnauthorizedException","innerExceptionMessage":"","message":"invalid."}',
)


def to(url: str) -> Reply:
    return Reply(status=301, headers=Headers({"location": url}), content=b"")


def probed(
    address: str, answers: dict[str, Reply], *, allow_http: bool = False
) -> tuple[Found | OpenYXError, list[Transmit]]:
    """What the probe finds where *answers* are given, and what it sent; all else is an HTML page."""
    sent: list[Transmit] = []
    steps = probe(parse(address), KEY, Secret(SECRET), allow_http=allow_http, now=0)
    reply: Reply | None = None
    while True:
        try:
            step: Step = steps.send(reply)
        except StopIteration as end:
            return end.value, sent
        except OpenYXError as problem:
            return problem, sent
        assert isinstance(step, Transmit)
        sent.append(step)
        kind = "token!" if any(name == "Authorization" for name, _ in step.headers) else "token?"
        path = step.url if step.method == "GET" else f"{kind} {step.url}"
        reply = answers.get(path, HTML)


LIST = "/v1/workflows/subscription/"


def test_oauth2_is_found_and_the_token_kept() -> None:
    found, sent = probed(
        "ayx.example.com/gallery/",
        {
            "token? https://ayx.example.com/webapi/oauth2/token": ASKS,
            "token! https://ayx.example.com/webapi/oauth2/token": TOKEN,
        },
    )
    assert isinstance(found, Found)
    assert (found.server.family, found.server.prefix) == (Family.OAUTH2, "/webapi")
    assert found.token
    assert found.token.access_token == "AQAA"
    assert [step.body for step in sent] == [b"grant_type=client_credentials"] * 2


def test_the_first_question_carries_no_credentials() -> None:
    _, sent = probed("ayx.example.com", {})
    assert [step.headers for step in sent[1:]] == [(), ()]
    assert [name for name, _ in sent[0].headers] == ["Content-Type"]


def test_oauth1_is_found_under_gallery_api_and_else_under_api() -> None:
    found, _ = probed("ayx.example.com", {f"https://ayx.example.com/gallery/api{LIST}": UNSIGNED})
    assert isinstance(found, Found)
    assert (found.server.family, found.server.prefix) == (Family.OAUTH1, "/gallery/api")
    found, sent = probed("ayx.example.com", {f"https://ayx.example.com/api{LIST}": UNSIGNED})
    assert isinstance(found, Found)
    assert found.server.prefix == "/api"
    assert len(sent) == 3


def test_where_both_are_a_key_of_a_studio_signs() -> None:
    refused = ASKS
    found, _ = probed(
        "ayx.example.com",
        {
            "token? https://ayx.example.com/webapi/oauth2/token": ASKS,
            "token! https://ayx.example.com/webapi/oauth2/token": refused,
            f"https://ayx.example.com/gallery/api{LIST}": UNSIGNED,
        },
    )
    assert isinstance(found, Found)
    assert found.server.family is Family.OAUTH1


def test_a_wrong_key_where_only_oauth2_is() -> None:
    problem, _ = probed(
        "ayx.example.com",
        {
            "token? https://ayx.example.com/webapi/oauth2/token": ASKS,
            "token! https://ayx.example.com/webapi/oauth2/token": ASKS,
        },
    )
    assert isinstance(problem, NotLetIn)
    assert SECRET not in str(problem) + problem.hint


def test_the_secret_does_not_travel_over_plain_http_unless_that_is_allowed() -> None:
    answers = {
        "token? http://ayx.example.com/webapi/oauth2/token": ASKS,
        "token! http://ayx.example.com/webapi/oauth2/token": TOKEN,
    }
    problem, sent = probed("http://ayx.example.com", answers)
    assert isinstance(problem, AskedWrongly)
    assert "allow_http" in problem.hint
    assert not any("Authorization" in dict(step.headers) for step in sent)
    found, _ = probed("http://ayx.example.com", answers, allow_http=True)
    assert isinstance(found, Found)
    both = answers | {f"http://ayx.example.com/gallery/api{LIST}": UNSIGNED}
    found, _ = probed("http://ayx.example.com", both)
    assert isinstance(found, Found)
    assert found.server.family is Family.OAUTH1


def test_a_redirect_to_https_is_followed_and_remembered() -> None:
    found, _ = probed(
        "http://ayx.example.com/gallery/",
        {
            "token? http://ayx.example.com/webapi/oauth2/token": to("https://ayx.example.com/webapi/oauth2/token"),
            "token? https://ayx.example.com/webapi/oauth2/token": ASKS,
            "token! https://ayx.example.com/webapi/oauth2/token": TOKEN,
        },
    )
    assert isinstance(found, Found)
    assert found.server.address.origin == "https://ayx.example.com"


@pytest.mark.parametrize("there", ["https://login.example.net/sign-in", "http://ayx.example.com/other", ""])
def test_a_redirect_elsewhere_is_not_followed(there: str) -> None:
    problem, sent = probed("http://ayx.example.com", {"token? http://ayx.example.com/webapi/oauth2/token": to(there)})
    assert isinstance(problem, NotFound)
    assert all(step.url.startswith("http://ayx.example.com/") for step in sent)


def test_never_more_than_six_requests() -> None:
    secure = "https://ayx.example.com"
    answers = {
        "token? http://ayx.example.com/webapi/oauth2/token": to(f"{secure}/webapi/oauth2/token"),
        f"token? {secure}/webapi/oauth2/token": ASKS,
        f"token! {secure}/webapi/oauth2/token": ASKS,
        f"{secure}/gallery/api{LIST}": to("https://ayx.example.com/elsewhere"),
    }
    for address in ("http://ayx.example.com", "http://ayx.example.com/api/v1"):
        problem, sent = probed(address, answers)
        assert isinstance(problem, NotLetIn)
        assert len(sent) <= 6


def test_nothing_there_is_said_with_the_address() -> None:
    problem, _ = probed("ayx.example.com", {})
    assert isinstance(problem, NotFound)
    assert "no Server API answers at https://ayx.example.com" in problem.message


def test_a_server_that_is_ill_is_not_taken_for_one_that_speaks_nothing() -> None:
    ill = Reply(status=503, headers=Headers(), content=b"")
    problem, _ = probed("ayx.example.com", {"token? https://ayx.example.com/webapi/oauth2/token": ill})
    assert isinstance(problem, ServerError)
    assert problem.status == 503


@pytest.mark.parametrize(("status", "kind"), [(429, TooMany), (502, ServerError)])
@pytest.mark.parametrize("prefix", ["/gallery/api", "/api"])
def test_an_older_server_that_is_busy_or_ill_is_not_taken_for_one_that_speaks_nothing(
    prefix: str, status: int, kind: type[ServerError]
) -> None:
    ill = Reply(status=status, headers=Headers({"retry-after": "30"}), content=b"")
    problem, _ = probed("ayx.example.com", {f"https://ayx.example.com{prefix}{LIST}": ill})
    assert isinstance(problem, kind)
    assert (problem.status, problem.retry_after) == (status, 30)


def test_a_web_page_in_place_of_an_api_is_said_to_be_one() -> None:
    problem, _ = probed("ayx.example.com", {})
    assert isinstance(problem, NotFound)
    assert "an HTML page does, “Sign in & go on”" in problem.message


def test_a_redirect_in_place_of_an_api_is_told_without_its_query() -> None:
    moved = to("https://login.example.com/start?state=abc")
    problem, _ = probed("ayx.example.com", {f"https://ayx.example.com/gallery/api{LIST}": moved})
    assert isinstance(problem, NotFound)
    assert problem.message.endswith("; it points to https://login.example.com/start")


async def test_a_gallery_is_probed_once(place: Place, connect: Callable[..., Any]) -> None:
    gallery = connect(place.server)
    await done(gallery.workflows.list())
    asked = len(place.server.requests)
    await done(gallery.workflows.list())
    assert len(place.server.requests) == asked + 1


async def test_the_secret_never_reaches_a_server_that_is_none(
    serve: Callable[..., Any], connect: Callable[..., Any]
) -> None:
    def stranger(request: Request) -> Response:
        return page(200)

    server = serve(stranger)
    with pytest.raises(NotFound, match="no Server API answers"):
        await done(connect(server).workflows.list())
    seen = " ".join(f"{each.target} {each.headers} {each.body!r}" for each in server.requests)
    assert SECRET not in seen
    assert BASIC not in seen


async def test_a_forced_family_is_not_probed(of_age: Callable[[str], Place], connect: Callable[..., Any]) -> None:
    place = of_age("2021.4")
    await done(connect(place.server, auth="oauth1").workflows.list())
    assert place.server.asked == ["GET /gallery/api/v1/workflows/subscription/"]
    await done(connect(place.server, auth="oauth2").v1.workflows.list())
    assert place.server.asked[1:] == ["POST /webapi/oauth2/token", "GET /webapi/v1/workflows/subscription"]


async def test_what_a_profile_remembers_is_asked_again_when_it_is_refused(
    of_age: Callable[[str], Place], connect: Callable[..., Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = of_age("2022")
    place.behind.age.oauth1 = True
    place.behind.age.prefix = "/elsewhere"
    monkeypatch.setenv("OPENYX_CONFIG", str(tmp_path / "profiles.toml"))
    monkeypatch.setenv("OPENYX_SECRET_FILE", str(tmp_path / "secret"))
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    profile = Profile(url=place.server.url, key=KEY, family="oauth1", prefix="/gallery/api")
    Profiles.load().put("old", profile).save()
    place.server.ill = [said({"exceptionName": "UnauthorizedException", "message": "invalid"}, 401)]
    gallery = connect(place.server, url=None, key=None, secret=None)
    assert len(await done(gallery.workflows.list())) == 1
    assert place.server.asked[:2] == ["GET /gallery/api/v1/workflows/subscription/", "POST /webapi/oauth2/token"]


async def test_a_profile_remembers_what_was_found(
    place: Place, connect: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery = connect(place.server)
    await done(gallery.connect())
    profile = Profile(url="pasted", key=KEY, secret="file").remembering(gallery.server)
    assert profile.url == place.server.url
    monkeypatch.setenv("OPENYX_CONFIG", str(tmp_path / "profiles.toml"))
    profiles = Profiles.load().put("a", profile)
    profiles.save()
    keeping.keep(profiles, "a", profile, Secret(SECRET))
    before = len(place.server.requests)
    await done(connect(place.server, url=None, key=None, secret=None).workflows.list())
    asked = place.server.asked[before:]
    assert [each for each in asked if "token" in each or "list" in each] == asked[:1] * place.behind.age.oauth2


def test_a_sleep_is_no_part_of_probing() -> None:
    steps = probe(parse("localhost"), KEY, Secret(SECRET), allow_http=False, now=0)
    assert not isinstance(next(steps), Sleep)
