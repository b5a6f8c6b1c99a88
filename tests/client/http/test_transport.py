"""Connections: whom to trust, which way to go."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openyx.errors import AskedWrongly, NotFound, Unreachable
from tests.client.conftest import Place, done
from tests.client.servers import AGES, KEY, SECRET, Gallery, Request, Response, Server

Connect = Callable[..., Any]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody trusts, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def secure(certificate: Path, serve: Callable[..., Server]) -> Server:
    """A server of 2021.4 behind that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return serve(Gallery(AGES["2021.4"]).handle, tls=context)


async def test_a_certificate_that_nobody_trusts_is_refused_at_once(secure: Server, connect: Connect) -> None:
    with pytest.raises(Unreachable, match=r"certificate .* is not trusted: self.signed") as caught:
        await done(connect(secure).workflows.list())
    assert "OPENYX_CA" in caught.value.hint
    assert not caught.value.passing
    assert secure.requests == []


@pytest.mark.parametrize("how", ["argument", "environment"])
async def test_a_certificate_is_trusted_when_it_is_given(
    secure: Server, connect: Connect, certificate: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "environment":
        monkeypatch.setenv("OPENYX_CA", str(certificate))
    gallery = connect(secure, ca=certificate if how == "argument" else None)
    assert len(await done(gallery.workflows.list())) == 1


async def test_a_file_that_holds_no_certificates_is_told(secure: Server, connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(AskedWrongly, match="holds no certificates"):
        await done(connect(secure, ca=tmp_path / "ca.pem").workflows.list())


async def test_tls_spoken_to_plain_http_is_told(of_age: Callable[[str], Place], connect: Connect) -> None:
    server = of_age("2019").server
    with pytest.raises(Unreachable, match="does not speak TLS"):
        await done(connect(server, url=f"https://127.0.0.1:{server.port}").workflows.list())


@pytest.mark.parametrize("how", ["argument", "environment", "openyx"])
async def test_a_proxy_is_gone_through(
    serve: Callable[..., Server], connect: Connect, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = Gallery(AGES["2019"])

    def forward(request: Request) -> Response:
        request.target = request.target.removeprefix("http://ayx.example.com")
        return behind.handle(request)

    proxy = serve(forward)
    if how == "environment":
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("NO_PROXY", "localhost")
    if how == "openyx":
        monkeypatch.setenv("OPENYX_PROXY", f"127.0.0.1:{proxy.port}")
    gallery = connect(
        proxy, url="http://ayx.example.com", auth="oauth1", proxy=proxy.url if how == "argument" else None
    )
    assert len(await done(gallery.workflows.list())) == 1
    assert proxy.requests[0].headers["host"] == "ayx.example.com"


async def test_a_proxy_that_cannot_be_used_is_told(of_age: Callable[[str], Place], connect: Connect) -> None:
    with pytest.raises(AskedWrongly, match="proxy's address"):
        await done(connect(of_age("2019").server, proxy="gopher://x").workflows.list())


async def test_odd_paths_go_over_the_wire_as_they_are(of_age: Callable[[str], Place], connect: Connect) -> None:
    place = of_age("2019")
    gallery = connect(place.server, auth="oauth1")
    with pytest.raises(NotFound):
        await done(gallery.v1.jobs.get("a/../b c%2f?ü"))
    assert place.server.requests[-1].path == "/gallery/api/v1/jobs/a%2F..%2Fb%20c%252f%3F%C3%BC/"


@pytest.mark.parametrize("bad", ["", ".", ".."])
async def test_an_id_cannot_leave_its_place(of_age: Callable[[str], Place], connect: Connect, bad: str) -> None:
    place = of_age("2019")
    with pytest.raises(AskedWrongly, match="cannot be part of an address"):
        await done(connect(place.server, auth="oauth1").job(bad))
    assert place.server.requests == []


def test_keys_are_the_tests_own() -> None:
    assert (KEY, SECRET) == ("8DAEXAMPLE00000", "0123456789abcdef" * 4)
