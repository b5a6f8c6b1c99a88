"""Signed requests: what real clients send is let in, everything else is told why not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import (  # type: ignore[import-untyped] # it has no types
    SIGNATURE_TYPE_AUTH_HEADER,
    SIGNATURE_TYPE_QUERY,
    Client,
)

from openyx.api.signing import digest
from openyx.server.exchange import Incoming
from openyx.server.oauth1 import candidates, read
from openyx.server.settings import Settings
from openyx.store import KeyKind
from tests.server.conftest import Serve
from tests.server.support import Address

LIST = "/gallery/api/v1/workflows/subscription/"
INVALID = "The provided signature(oauth_signature) is invalid."


def oauth(gallery: Address, **changes: str) -> dict[str, str]:
    """The parameters that a client sends, the signature aside."""
    given = {
        "oauth_consumer_key": gallery.studio.key.key,
        "oauth_nonce": "ab12c",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_version": "1.0",
    } | changes
    return {name: value for name, value in given.items() if value}


def signature(secret: str, method: str, address: str, pairs: list[tuple[str, str]]) -> str:
    """RFC 5849 by hand: the address and the pairs are signed as they are given."""
    encoded = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in pairs)
    joined = "&".join(f"{name}={value}" for name, value in encoded)
    text = "&".join((method, quote(address, safe="~"), quote(joined, safe="~")))
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def send(
    gallery: Address,
    signed_address: str,
    path: str = LIST,
    *,
    method: str = "GET",
    signed: list[tuple[str, str]] | None = None,
    sent: str = "",
    parameters: dict[str, str] | None = None,
    host: str = "",
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    """A request to *path* whose signature was made for *signed_address* and the pairs *signed*."""
    given = parameters or oauth(gallery)
    made = signature(gallery.studio.secret.reveal(), method, signed_address, [*given.items(), *(signed or [])])
    query = "&".join(f"{name}={quote(value, safe='~')}" for name, value in {**given, "oauth_signature": made}.items())
    target = f"{path}?{sent}{'&' if sent else ''}{query}".encode()
    request = gallery.http.build_request(method, gallery.url, headers=headers or {})
    request.url = request.url.copy_with(raw_path=target)
    if host:
        request.headers["host"] = host
    return gallery.http.send(request)


@pytest.mark.parametrize("header", [False, True])
def test_a_signature_of_another_library_is_accepted_in_query_and_header(gallery: Address, header: bool) -> None:
    path = f"{LIST}?search=pizza%20survey&limit=10&empty="
    assert gallery.signed("GET", path, header=header).status_code == 200


def test_the_vectors_of_the_reference_are_accepted() -> None:
    query = (
        "limit=10&search=pizza{space}survey&oauth_consumer_key=8DAEXAMPLE00000&oauth_nonce=ab12c"
        "&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1700000000&oauth_version=1.0&oauth_signature={signature}"
    )
    secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    for space, expected in (("%20", "klJuJzakrekWLHo5ce0XXtObq2E="), ("+", "+WMpgwxNcdirYjwN99hrHH8FfAw=")):
        incoming = Incoming(
            method="GET",
            path=LIST,
            query=query.format(space=space, signature=quote(expected, safe="")),
            scheme="https",
            fields=(("host", "ayx.example.com"),),
        )
        signed = read(incoming)
        assert signed.oauth["oauth_signature"] == expected
        tried = [digest(text, secret) for text in candidates(incoming, signed, Settings())]
        assert expected in tried


@pytest.mark.parametrize("path", [LIST, LIST.rstrip("/")])
def test_a_trailing_slash_is_signed_as_it_is_sent(gallery: Address, path: str) -> None:
    assert send(gallery, gallery.url + path, path).status_code == 200
    assert send(gallery, gallery.url + path + "x", path).json()["message"] == INVALID


def test_a_default_port_may_be_signed_or_not(gallery: Address) -> None:
    for host, signed in [
        ("ayx.example.com:80", "ayx.example.com:80"),
        ("ayx.example.com:80", "ayx.example.com"),
    ]:
        assert send(gallery, f"http://{signed}{LIST}", host=host).status_code == 200


def test_a_space_may_be_signed_as_a_plus_where_a_plus_was_sent(gallery: Address) -> None:
    given = oauth(gallery)
    pairs = sorted({**given, "search": "pizza survey"}.items())
    text = "&".join(("GET", quote(gallery.url + LIST, safe=""), quote(urlencode(pairs), safe="")))
    made = digest(text, gallery.studio.secret.reveal())
    query = urlencode([*pairs, ("oauth_signature", made)])
    plus = gallery.http.get(f"{gallery.url}{LIST}?{query}")
    right = send(gallery, gallery.url + LIST, signed=[("search", "pizza survey")], sent="search=pizza%20survey")
    assert (plus.status_code, right.status_code) == (200, 200)


@pytest.mark.parametrize("is_signed", [True, False])
def test_unknown_oauth_parameters_may_be_signed_or_not(gallery: Address, is_signed: bool) -> None:
    extra = [("oauth_body_hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk=")]
    sent = "oauth_body_hash=2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D"
    assert send(gallery, gallery.url + LIST, signed=extra if is_signed else [], sent=sent).status_code == 200


def test_the_host_may_be_signed_in_lower_case_or_as_it_was_typed(gallery: Address) -> None:
    for signed in ("AYX.Example.com", "ayx.example.com"):
        assert send(gallery, f"http://{signed}{LIST}", host="AYX.Example.com").status_code == 200


def test_a_doubled_slash_may_be_signed_whichever_is_sent(gallery: Address) -> None:
    assert send(gallery, f"{gallery.url}/{LIST}", LIST).status_code == 200
    assert send(gallery, f"{gallery.url}/{LIST}", f"/{LIST}").status_code == 200


def test_empty_values_are_part_of_what_is_signed(gallery: Address) -> None:
    assert send(gallery, gallery.url + LIST, signed=[("search", "")], sent="search=").status_code == 200
    assert send(gallery, gallery.url + LIST, signed=[], sent="search=").status_code == 401


def test_odd_paths_are_signed_as_they_are_sent(gallery: Address) -> None:
    path = "/gallery/api/v1/jobs/%e4%BD%a0%20%2F%7e/"
    assert send(gallery, gallery.url + path, path).status_code == 404


def test_what_a_proxy_says_counts_only_when_it_is_trusted(serve: Serve) -> None:
    headers = {"x-forwarded-proto": "https"}
    for trusted, status in ((False, 401), (True, 200)):
        gallery = serve(trust_forwarded=trusted, **({} if trusted else {"origins": ()}))
        answer = send(gallery, f"https://{gallery.host}{LIST}", headers=headers)
        assert answer.status_code == status


def test_signatures_may_be_made_for_the_base_address(serve: Serve) -> None:
    gallery = serve(base_address="https://ayx.example.com/alteryx/gallery/")
    assert send(gallery, f"https://ayx.example.com/alteryx{LIST}").status_code == 200
    assert send(gallery, f"https://ayx.example.com{LIST}").status_code == 200
    assert send(gallery, f"https://other.example.com{LIST}").status_code == 401


def test_a_post_is_signed_without_its_json_body(gallery: Address) -> None:
    workflow = gallery.publish()
    answer = gallery.signed("POST", f"/gallery/api/v1/workflows/{workflow}/jobs/", json={"questions": []})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"oauth_consumer_key": "8DAEXAMPLE00000"}, "The provided API Key (oauth_consumer_key) is invalid."),
        ({"oauth_consumer_key": ""}, "The provided API Key (oauth_consumer_key) is invalid."),
        ({"oauth_signature_method": "PLAINTEXT"}, "oauth_signature_method"),
        ({"oauth_version": "2.0"}, "oauth_version"),
        ({"oauth_timestamp": "yesterday"}, "oauth_timestamp"),
        ({"oauth_nonce": ""}, "oauth_nonce"),
    ],
)
def test_what_is_wrong_with_the_parameters_is_told(gallery: Address, changes: dict[str, str], text: str) -> None:
    answer = send(gallery, gallery.url + LIST, parameters=oauth(gallery, **changes))
    assert answer.status_code == 401
    assert text in answer.json()["message"]


def test_a_wrong_signature_answers_the_recorded_body(gallery: Address) -> None:
    answer = send(gallery, "http://elsewhere.example.com/")
    assert answer.status_code == 401
    assert answer.text == (
        '{"data":null,"exceptionName":"UnauthorizedException","innerExceptionMessage":"",'
        '"message":"The provided signature(oauth_signature) is invalid."}'
    )


def test_no_signature_at_all_answers_a_body_of_four_keys(gallery: Address) -> None:
    answer = gallery.http.get(gallery.url + LIST)
    assert answer.status_code == 401
    assert list(answer.json()) == ["data", "exceptionName", "innerExceptionMessage", "message"]


def test_the_version_may_be_left_out(gallery: Address) -> None:
    assert send(gallery, gallery.url + LIST, parameters=oauth(gallery, oauth_version="")).status_code == 200


def test_parameters_that_come_twice_are_refused(gallery: Address) -> None:
    path = f"{LIST}?oauth_nonce=second"
    answer = send(gallery, gallery.url + LIST, signed=[("oauth_nonce", "second")], sent="oauth_nonce=second")
    assert (answer.status_code, "more than once" in answer.json()["message"]) == (401, True)
    both = gallery.signed("GET", path, header=True)
    assert (both.status_code, "more than once" in both.json()["message"]) == (401, True)


def test_a_header_of_any_spacing_with_a_realm_is_read(gallery: Address) -> None:
    given = oauth(gallery)
    made = signature(gallery.studio.secret.reveal(), "GET", gallery.url + LIST, list(given.items()))
    pairs = [f'{name}="{quote(value, safe="")}"' for name, value in {**given, "oauth_signature": made}.items()]
    for header in ("OAuth " + ",".join(pairs), 'oauth realm="Alteryx", ' + " ,  ".join(pairs)):
        answer = gallery.http.get(gallery.url + LIST, headers={"Authorization": header})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("header", ["OAuth", "OAuth ,", "OAuth oauth_nonce=x", 'OAuth oauth_nonce="x', "OAuth a=,"])
def test_a_broken_header_is_no_way_in(gallery: Address, header: str) -> None:
    answer = gallery.http.get(gallery.url + LIST, headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_blank_that_was_copied_with_the_key_is_no_part_of_it(gallery: Address) -> None:
    answer = send(
        gallery, gallery.url + LIST, parameters=oauth(gallery, oauth_consumer_key=gallery.studio.key.key + " ")
    )
    assert answer.status_code == 401


def test_a_request_that_changes_something_is_not_played_back(gallery: Address) -> None:
    path = f"/gallery/api/v1/workflows/{gallery.publish()}/jobs/"
    parameters = oauth(gallery)
    first, again = (send(gallery, gallery.url + path, path, method="POST", parameters=parameters) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 401)
    assert "has been used before" in again.json()["message"]
    assert len(gallery.signed("GET", path).json()) == 1


def test_a_link_may_be_loaded_again(gallery: Address) -> None:
    parameters = oauth(gallery)
    for _ in range(2):
        assert send(gallery, gallery.url + LIST, parameters=parameters).status_code == 200


def test_time_matters_only_where_a_window_is_set(serve: Serve) -> None:
    old = str(int(time.time()) - 3600)
    for window, status in ((None, 200), (timedelta(minutes=5), 401)):
        gallery = serve(time_window=window, **({"origins": ()} if window else {}))
        answer = send(gallery, gallery.url + LIST, parameters=oauth(gallery, oauth_timestamp=old))
        assert answer.status_code == status


def test_a_user_key_does_not_open_the_subscription_api(gallery: Address) -> None:
    answer = gallery.signed("GET", LIST, key=gallery.user)
    assert answer.status_code == 401
    assert answer.json()["message"] == "The provided API Key (oauth_consumer_key) is invalid."


def test_a_revoked_key_opens_nothing(gallery: Address) -> None:
    gallery.store.keys.revoke(gallery.studio.key.key)
    assert gallery.signed("GET", LIST).status_code == 401


def test_each_kind_of_key_opens_our_own_routes(gallery: Address) -> None:
    other = gallery.store.keys.create(KeyKind.USER)
    for key, kind in ((gallery.studio, "studio"), (other, "user")):
        answer = gallery.signed("GET", "/openyx/v1/key", key=key)
        assert (answer.status_code, answer.json()["kind"]) == (200, kind)
    assert gallery.bearer("GET", "/openyx/v1/key").json()["kind"] == "user"
    assert gallery.http.get(f"{gallery.url}/openyx/v1/key").status_code == 401


@settings(max_examples=300, deadline=None)
@given(
    path=st.lists(st.text(max_size=6), max_size=4),
    pairs=st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=4),
    host=st.sampled_from(["ayx.example.com", "AYX.example.com:80", "localhost:8080", "[::1]:8080"]),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    header=st.booleans(),
)
def test_whatever_another_library_signs_is_verified(
    path: list[str], pairs: list[tuple[str, str]], host: str, method: Any, header: bool
) -> None:
    secret = "0123456789abcdef"
    kind = SIGNATURE_TYPE_AUTH_HEADER if header else SIGNATURE_TYPE_QUERY
    signer = cast("Any", Client("8DAEXAMPLE00000", client_secret=secret, signature_type=kind))
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    url = f"http://{host}/gallery/api/{'/'.join(quote(part, safe='') for part in path)}?{query}"
    sent, headers, _ = signer.sign(url, http_method=method)
    parts = urlsplit(str(sent))
    incoming = Incoming(
        method=method,
        path=parts.path,
        query=parts.query,
        fields=(("host", host), ("authorization", headers.get("Authorization", ""))),
    )
    signed = read(incoming)
    assert signed.oauth["oauth_signature"] in [
        digest(text, secret) for text in candidates(incoming, signed, Settings())
    ]
