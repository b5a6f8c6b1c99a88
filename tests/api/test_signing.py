"""Signatures: the RFC's examples, recorded vectors, and another library's on generated requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from oauthlib import oauth1  # type: ignore[import-untyped,unused-ignore] # it comes without types
from oauthlib.oauth1.rfc5849 import signature as theirs  # type: ignore[import-untyped,unused-ignore] # as above

from openyx.api.signing import (
    base_address,
    base_string,
    digest,
    encoded,
    in_header,
    in_query,
    parameters,
    signature,
    signed,
)

KEY = "8DAEXAMPLE00000"
SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
LIST = "https://ayx.example.com/gallery/api/v1/workflows/subscription/"
oauthlib: Any = oauth1
independent: Any = theirs


def test_the_base_string_of_rfc_5849_section_3_4_1_1() -> None:
    given_ = parameters("b5=%3D%253D&a3=a&c%40=&a2=r%20b") + parameters("c2&a3=2+q")
    given_ += [
        (b"oauth_consumer_key", b"9djdj82h48djs9d2"),
        (b"oauth_token", b"kkk9d7dh3k39sjv7"),
        (b"oauth_signature_method", b"HMAC-SHA1"),
        (b"oauth_timestamp", b"137131201"),
        (b"oauth_nonce", b"7d8f3e4a"),
        (b"oauth_signature", b"left out"),
    ]
    assert base_string("post", "http://example.com/request", given_) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
        "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
        "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_the_signature_of_rfc_5849_section_1_2_for_temporary_credentials() -> None:
    """Printed as ``74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D``."""
    given_ = [
        (b"oauth_consumer_key", b"dpf43f3p2l4k3l03"),
        (b"oauth_signature_method", b"HMAC-SHA1"),
        (b"oauth_timestamp", b"137131200"),
        (b"oauth_nonce", b"wIjqoS"),
        (b"oauth_callback", b"http://printer.example.com/ready"),
    ]
    made = signature("POST", "https://photos.example.net/initiate", given_, "kd94hf93k423kf44")
    assert quote(made, safe="") == "74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"


def test_the_printed_signature_of_section_3_4_1_1_is_the_corrected_one_with_a_token_secret() -> None:
    """Erratum 2550: the printed one is wrong. Keys with a token secret are no part of this API, the digest is."""
    text = (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
        "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
        "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )
    import base64
    import hashlib
    import hmac

    made = hmac.new(b"j49sk3j29djd&dh893hdasih9", text.encode(), hashlib.sha1).digest()
    assert base64.b64encode(made).decode() == "r6/TJjbCOr97/+UU0NsvSne7s5g="
    one_legged = hmac.new(b"j49sk3j29djd&", text.encode(), hashlib.sha1).digest()
    assert digest(text, "j49sk3j29djd") == base64.b64encode(one_legged).decode()


@pytest.mark.parametrize(
    ("method", "url", "made"),
    [
        ("GET", f"{LIST}?limit=10&search=pizza%20survey", "klJuJzakrekWLHo5ce0XXtObq2E="),
        (
            "POST",
            "https://ayx.example.com/gallery/api/v1/workflows/57acaca4065e3f26a82b0001/jobs/",
            "aY1trZnxo4X4FR1e1apI8kulK8E=",
        ),
    ],
)
def test_the_recorded_vectors(method: str, url: str, made: str) -> None:
    oauth = signed(method, url, key=KEY, secret=SECRET, nonce="ab12c", timestamp=1_700_000_000)
    assert oauth["oauth_signature"] == made
    assert in_query(url, oauth).endswith(f"&oauth_signature={quote(made, safe='')}")


def test_the_base_string_of_the_first_vector() -> None:
    url = f"{LIST}?limit=10&search=pizza%20survey"
    oauth = signed("GET", url, key=KEY, secret=SECRET, nonce="ab12c", timestamp=1_700_000_000)
    pairs = parameters(urlsplit(in_query(url, oauth)).query)
    assert base_string("GET", base_address(url), pairs) == (
        "GET&https%3A%2F%2Fayx.example.com%2Fgallery%2Fapi%2Fv1%2Fworkflows%2Fsubscription%2F&limit%3D10"
        "%26oauth_consumer_key%3D8DAEXAMPLE00000%26oauth_nonce%3Dab12c%26oauth_signature_method%3DHMAC-SHA1"
        "%26oauth_timestamp%3D1700000000%26oauth_version%3D1.0%26search%3Dpizza%2520survey"
    )


def test_a_client_that_signs_a_space_as_a_plus() -> None:
    """The second vector: what such a client puts into its base string is a plus, not a space."""
    oauth = signed("GET", f"{LIST}?limit=10&search=pizza%20survey", key=KEY, secret=SECRET, nonce="ab12c",
                   timestamp=1_700_000_000)  # fmt: skip
    pairs = [(name.encode(), value.encode()) for name, value in oauth.items()]
    text = base_string("GET", LIST, [*pairs, (b"limit", b"10"), (b"search", b"pizza survey")])
    assert text.endswith("search%3Dpizza%2520survey")
    assert digest(text.replace("%2520", "%2B"), SECRET) == "+WMpgwxNcdirYjwN99hrHH8FfAw="


@pytest.mark.parametrize(
    ("url", "signed_as"),
    [
        ("HTTP://Example.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
        ("https://www.example.net:8080/?q=1", "https://www.example.net:8080/"),
        ("https://ayx.example.com:443//gallery//api/", "https://ayx.example.com//gallery//api/"),
        ("http://host:443", "http://host:443/"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ],
)
def test_what_of_an_address_is_signed(url: str, signed_as: str) -> None:
    assert base_address(url) == signed_as


texts = st.text(max_size=12) | st.sampled_from(["a b", "+", "%2B", "a&b=c", "~-._", "ü€𐍈", "", "100%", "/?#"])
# oauthlib decodes the values of all parameters that begin with oauth_ once more; none of ours does.
names = texts.filter(lambda name: bool(name) and not name.startswith("oauth_"))
queries = st.lists(st.tuples(names, texts), max_size=6)


def _request(
    method: str, scheme: str, host: str, port: str, path: str, query: str, secret: str
) -> tuple[str, str, str]:
    return method, f"{scheme}://{host}{port}{path}{query}", secret


requests = st.builds(
    _request,
    st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    st.sampled_from(["http", "https"]),
    st.sampled_from(["ayx.example.com", "AYX.Example.com", "localhost", "127.0.0.1", "[::1]"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.lists(texts.map(encoded), max_size=5).map(lambda parts: "/" + "/".join(parts)) | st.just("//gallery/api//v1/"),
    queries.map(lambda pairs: "?" + "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs)),
    st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=20),
)
Pairs = list[tuple[str, str]]


@seed(5849)
@settings(max_examples=200, deadline=None)
@given(st.lists(requests, min_size=10, max_size=10))
def test_another_library_signs_alike(made: list[tuple[str, str, str]]) -> None:
    """oauthlib 3, on 2,000 requests with unicode, blanks, repeated and empty parameters, ports, odd paths."""
    for method, url, secret in made:
        client = oauthlib.Client(
            KEY,
            client_secret=secret,
            nonce="ab12c",
            timestamp="1700000000",
            signature_type=oauthlib.SIGNATURE_TYPE_QUERY,
        )
        their_url = str(client.sign(url, method)[0])
        their_signature = dict(parameters(urlsplit(their_url).query))[b"oauth_signature"].decode()
        oauth = signed(method, url, key=KEY, secret=secret, nonce="ab12c", timestamp=1_700_000_000)
        assert oauth["oauth_signature"] == their_signature


@seed(5849)
@settings(max_examples=300, deadline=None)
@given(queries, st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_another_library_reads_both_forms(query: Pairs, key: str) -> None:
    """What stands in the query and what stands in the header give the same parameters to oauthlib."""
    text = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in query)
    url = f"{LIST}?{text}" if text else LIST
    oauth = signed("GET", url, key=key, secret=SECRET, nonce="ab12c", timestamp=1_700_000_000)
    in_url = independent.collect_parameters(
        uri_query=urlsplit(in_query(url, oauth)).query, exclude_oauth_signature=False
    )
    beside = independent.collect_parameters(
        uri_query=urlsplit(url).query, headers={"Authorization": in_header(oauth)}, exclude_oauth_signature=False
    )
    assert sorted(in_url) == sorted(beside)
    text = independent.signature_base_string(
        "GET",
        independent.base_string_uri(LIST),
        independent.normalize_parameters([each for each in in_url if each[0] != "oauth_signature"]),
    )
    assert oauth["oauth_signature"] == digest(text, SECRET)
