"""Addresses as people paste them."""

from __future__ import annotations

import pytest

from openyx.client.access.address import parse
from openyx.errors import AskedWrongly


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("ayx.example.com", "https://ayx.example.com"),
        ("  https://ayx.example.com/  ", "https://ayx.example.com"),
        ("ayx.example.com:8443", "https://ayx.example.com:8443"),
        ("HTTPS://AYX.Example.COM/Gallery/", "https://ayx.example.com"),
        ("https://ayx.example.com/gallery/#!app/Monthly-Load/57acaca4065e3f26a82b0001", "https://ayx.example.com"),
        ("https://ayx.example.com/#!app/Monthly-Load/57ac", "https://ayx.example.com"),
        ("https://ayx.example.com/gallery/api/v1", "https://ayx.example.com"),
        ("https://ayx.example.com/gallery/api/v1/workflows/subscription/?search=x", "https://ayx.example.com"),
        ("https://ayx.example.com/gallery/api-docs/", "https://ayx.example.com"),
        ("https://ayx.example.com/webapi/swagger/ui/index#/", "https://ayx.example.com"),
        ("https://ayx.example.com/webapi//v3/workflows", "https://ayx.example.com"),
        ("https://ayx.example.com/api/v1/", "https://ayx.example.com"),
        ("https://apps.example.com/alteryx/gallery/", "https://apps.example.com/alteryx"),
        ("https://apps.example.com//alteryx//gallery", "https://apps.example.com/alteryx"),
        ("http://https://dev.example.com/", "https://dev.example.com"),
        ("https://http://dev.example.com/", "http://dev.example.com"),
        ("http:/ayx.example.com", "http://ayx.example.com"),
        ("//ayx.example.com/gallery", "https://ayx.example.com"),
        ("<https://ayx.example.com/gallery/>", "https://ayx.example.com"),
        ("“https://ayx.example.com/gallery/”,", "https://ayx.example.com"),
        ("https:\\\\ayx.example.com\\gallery\\", "https://ayx.example.com"),
        ("https://ayx.example.com:443/gallery/", "https://ayx.example.com"),
        ("http://ayx.example.com:80/", "http://ayx.example.com"),
        ("http://ayx.example.com:443/", "http://ayx.example.com:443"),
        ("localhost:8080", "http://localhost:8080"),
        ("localhost/gallery", "http://localhost"),
        ("127.0.0.1:8080/gallery/api/v1/", "http://127.0.0.1:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:DB8::1]/gallery/", "https://[2001:db8::1]"),
        ("ayx.example.com.", "https://ayx.example.com"),
        ("https://bücher.example/gallery/", "https://xn--bcher-kva.example"),
        ("server_01", "https://server_01"),
    ],
)
def test_a_pasted_address_means(pasted: str, meant: str) -> None:
    assert str(parse(pasted)) == meant


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("https://", "no host"),
        ("ftp://ayx.example.com", "ftp"),
        ("file:///etc/passwd", "file"),
        ("https://user:hunter2@ayx.example.com/", "user name or password"),
        ("https://ayx.example.com:99999/", "99999.* is no port"),
        ("https://ayx.example.com:eight/", "eight.* is no port"),
        ("https://ayx.example.com:0/", "0 is no port"),
        ("my server", "no host name"),
        ("https://a b.example.com/", "no host name"),
        ("https://[::1", "no address"),
        ("https://ex%0aample.com/", "no host name"),
        ("https://ex%00ample.com/", "no host name"),
        ("https://ayx..example.com/", "no host name"),
        (f"https://{'a' * 64}.example.com/", "no host name"),
        ("https://ex\nample.com/", "line break"),
        ("8DAEXAMPLE00000,0123456789", "no host name"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(pasted: str, why: str) -> None:
    with pytest.raises(AskedWrongly, match=why) as caught:
        parse(pasted)
    assert "hunter2" not in caught.value.message


def test_a_secret_may_go_over_tls_or_to_this_machine() -> None:
    safe = ["https://ayx.example.com", "http://localhost:80", "http://127.1.2.3", "http://[::1]"]
    assert [parse(each).safe for each in safe] == [True] * 4
    assert not parse("http://ayx.example.com").safe
    assert not parse("http://localhost.example.com").safe


def test_an_api_without_gallery_is_remembered() -> None:
    assert parse("http://host/api/v1/").bare_api
    assert not parse("http://host/gallery/api/").bare_api
