"""OAuth 1.0a, one-legged, HMAC-SHA1: the client signs and the server verifies with the same function (RFC 5849)."""

from __future__ import annotations

import binascii
import functools
import hmac
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes, urlsplit

Parameter = tuple[bytes, bytes]
"""One parameter, name and value as decoded bytes."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def encoded(value: str | bytes) -> str:
    """Percent-encoded as RFC 5849 §3.6 wants it: everything but letters, digits and ``-._~``.

    >>> encoded("pizza & ünder")
    'pizza%20%26%20%C3%BCnder'
    """
    if isinstance(value, str):
        octets = value if value.isascii() else value.encode().decode("latin-1")
    else:
        octets = value.decode("latin-1")
    return _RESERVED.sub(_escaped, octets)


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


_RESERVED = re.compile(r"[^A-Za-z0-9._~-]")
_ESCAPES = {chr(number): f"%{number:02X}" for number in range(256)}


def parameters(query: str) -> list[Parameter]:
    """The parameters of a query string or a form, decoded, in order, empty values kept.

    >>> parameters("a=1&b&c=x+y%20z&a=2")
    [(b'a', b'1'), (b'b', b''), (b'c', b'x y z'), (b'a', b'2')]
    """
    pairs = (piece.partition("=") for piece in query.split("&") if piece)
    return [(_decoded(name), _decoded(value)) for name, _, value in pairs]


def _decoded(text: str) -> bytes:
    return unquote_to_bytes(text.replace("+", " "))


def base_address(url: str) -> str:
    """The address that is signed (RFC 5849 §3.4.1.2): lower-case scheme and host, no default port, no query.

    >>> base_address("HTTP://Example.com:80/r%20v/X/?id=123")
    'http://example.com/r%20v/X/'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{_signed_host(parts.scheme, parts.netloc)}{parts.path or '/'}"


@functools.lru_cache
def _signed_host(scheme: str, netloc: str) -> str:
    parts = urlsplit(f"//{netloc}")
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in (None, _DEFAULT_PORTS.get(scheme)) else f"{host}:{parts.port}"


def base_string(method: str, address: str, given: Iterable[Parameter]) -> str:
    """The text that is signed: method, address and all parameters but the signature, sorted and encoded."""
    pairs = sorted([(encoded(name), encoded(value)) for name, value in given if name != b"oauth_signature"])
    normalised = "&".join([f"{name}={value}" for name, value in pairs])
    # What is encoded already holds no reserved character but these three.
    again = normalised.replace("%", "%25").replace("&", "%26").replace("=", "%3D")
    return f"{method.upper()}&{encoded(address)}&{again}"


def signature(method: str, address: str, given: Iterable[Parameter], secret: str) -> str:
    """The signature in base64, with an empty token secret."""
    return digest(base_string(method, address, given), secret)


def digest(text: str, secret: str) -> str:
    """The signature of a base string."""
    key = f"{encoded(secret)}&".encode()
    return binascii.b2a_base64(hmac.digest(key, text.encode(), "sha1"), newline=False).decode()


def signed(method: str, url: str, *, key: str, secret: str, nonce: str, timestamp: int) -> dict[str, str]:
    """The ``oauth_*`` parameters of a request to *url*, the signature last."""
    oauth = {
        "oauth_consumer_key": key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(timestamp),
        "oauth_version": "1.0",
    }
    given = parameters(urlsplit(url).query) + [(name.encode(), value.encode()) for name, value in oauth.items()]
    return {**oauth, "oauth_signature": signature(method, base_address(url), given, secret)}


def in_query(url: str, oauth: dict[str, str]) -> str:
    """*url* with the ``oauth_*`` parameters in its query, as the old clients send them."""
    query = "&".join(f"{name}={encoded(value)}" for name, value in oauth.items())
    return f"{url}{'&' if '?' in url else '?'}{query}"


def in_header(oauth: dict[str, str]) -> str:
    """The value of an ``Authorization`` header with the ``oauth_*`` parameters."""
    return "OAuth " + ", ".join(f'{name}="{encoded(value)}"' for name, value in oauth.items())
