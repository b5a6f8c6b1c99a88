"""Verifies requests that are signed with OAuth 1.0a, as leniently as real clients need it and no more."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from urllib.parse import unquote_to_bytes, urlsplit

from openyx.api.signing import Parameter, base_string, digest, parameters
from openyx.errors import NotLetIn
from openyx.server.door import Door
from openyx.server.exchange import Incoming
from openyx.server.settings import LONGEST_NAME, Settings
from openyx.store import NewKey

# The first two texts are a real server's; what it says to the other faults nobody has recorded.
INVALID_KEY = "The provided API Key (oauth_consumer_key) is invalid."
INVALID_SIGNATURE = "The provided signature(oauth_signature) is invalid."
INVALID_HEADER = "The Authorization header cannot be read."
DUPLICATE = "The parameter {name} was provided more than once."
MISSING = "The parameter {name} is missing."
INVALID_METHOD = "The provided signature method (oauth_signature_method) is invalid; it must be HMAC-SHA1."
INVALID_VERSION = "The provided version (oauth_version) is invalid; it must be 1.0."
INVALID_NONCE = f"The provided nonce (oauth_nonce) has more than {LONGEST_NAME} characters."
INVALID_TIMESTAMP = "The provided timestamp (oauth_timestamp) is invalid."
OUT_OF_TIME = "The provided timestamp (oauth_timestamp) is too far from the server's clock."
REPLAYED = "The provided nonce (oauth_nonce) has been used before."

_KNOWN = frozenset(
    f"oauth_{name}".encode()
    for name in ("consumer_key", "nonce", "signature", "signature_method", "timestamp", "version")
)
_REQUIRED = ("oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce")
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_PAIR = re.compile(r'\s*([A-Za-z0-9_]+)\s*=\s*"([^"]*)"\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class Signed:
    """The parameters of a signed request, decoded: the ``oauth_*`` ones by name, and all as they were signed."""

    oauth: dict[str, str]
    given: tuple[Parameter, ...]


def is_signed(incoming: Incoming) -> bool:
    """Whether a request carries, or tries to carry, a signature."""
    return _from_header(incoming) or "oauth_" in incoming.query


def verify(incoming: Incoming, door: Door) -> NewKey:
    """The key that signed a request; NotLetIn when it was signed wrongly, by nobody known, or before.

    Raises TooMany for who has been wrong too often.
    """
    signed = read(incoming)
    _check_form(signed.oauth)
    _check_time(signed.oauth["oauth_timestamp"], door.store.clock(), door.settings)
    with door.watched(incoming, signed.oauth["oauth_consumer_key"]):
        return _known(incoming, signed, door)


def _known(incoming: Incoming, signed: Signed, door: Door) -> NewKey:
    known = door.store.keys.valid(signed.oauth["oauth_consumer_key"])
    if known is None:
        raise NotLetIn(INVALID_KEY)
    offered = signed.oauth["oauth_signature"].encode()
    tried = candidates(incoming, signed, door.settings)
    if not any(hmac.compare_digest(digest(text, known.secret.reveal()).encode(), offered) for text in tried):
        raise NotLetIn(INVALID_SIGNATURE)
    if incoming.method in _CHANGES and not door.store.nonces.use(
        known.key.key, signed.oauth["oauth_timestamp"], signed.oauth["oauth_nonce"]
    ):
        raise NotLetIn(REPLAYED)
    return known


def read(incoming: Incoming) -> Signed:
    """The parameters of a request, from its header and its query; NotLetIn when one comes twice."""
    query = parameters(incoming.query)
    header = _header_parameters(incoming.header("authorization")) if _from_header(incoming) else []
    oauth: dict[str, str] = {}
    for name, value in (*header, *query):
        if name.startswith(b"oauth_"):
            text = name.decode("latin-1")
            if text in oauth:
                raise NotLetIn(DUPLICATE.format(name=text if name in _KNOWN else "oauth_*"))
            oauth[text] = value.decode("utf-8", "replace")
    # The realm of the header is no part of the signature (RFC 5849 §3.4.1.3.1).
    return Signed(oauth, (*(pair for pair in header if pair[0] != b"realm"), *query))


def candidates(incoming: Incoming, signed: Signed, settings: Settings) -> Iterator[str]:
    """The base strings that the client may have signed, the likeliest first, each once."""
    addresses = dict.fromkeys(_addresses(incoming, settings))
    spellings = dict.fromkeys((signed.given, tuple(_without_unknown(signed.given))))
    for address, given in product(addresses, spellings):
        text = base_string(incoming.method, address, given)
        yield text
        spaced = _with_plus(text)
        if spaced != text:
            yield spaced


def _with_plus(text: str) -> str:
    """A base string as those clients make it who write a space in a parameter as a plus."""
    method, address, given = text.split("&")
    return "&".join((method, address, given.replace("%2520", "%2B")))


def _addresses(incoming: Incoming, settings: Settings) -> Iterator[str]:
    for (scheme, authority), paths in _places(incoming, settings):
        bare = authority.removesuffix(_DEFAULT_PORTS.get(scheme, ":"))
        for host, path in product(dict.fromkeys((authority, bare)), paths):
            yield f"{scheme}://{host}{path}"
            yield f"{scheme}://{host.lower()}{path}"


def _places(incoming: Incoming, settings: Settings) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Where the client may believe that the server is: scheme and authority, with the paths as they may be there."""
    # Some versions of a widespread library sign a doubled slash and send a single one.
    paths = [incoming.path] if incoming.path.startswith("//") else [incoming.path, "/" + incoming.path]
    host = incoming.header("host")
    yield (incoming.scheme, host), paths
    if settings.trust_forwarded:
        scheme = incoming.header("x-forwarded-proto").partition(",")[0].strip().lower()
        forwarded = incoming.header("x-forwarded-host").partition(",")[0].strip()
        if scheme in _DEFAULT_PORTS or forwarded:
            yield (scheme or incoming.scheme, forwarded or host), paths
            yield (scheme or incoming.scheme, host), paths
    if settings.base_address:
        base = urlsplit(settings.base_address)
        moved = _moved(incoming.path, base.path.rstrip("/"))
        yield (base.scheme, base.netloc), [*paths, *moved]


def _moved(path: str, base_path: str) -> list[str]:
    """The path as it is under the base address, where a proxy put another one in its place."""
    head, api, rest = path.partition("/api/")
    return [f"{base_path}{api}{rest}"] if api and head.rstrip("/") != base_path else []


def _without_unknown(given: Iterable[Parameter]) -> Iterator[Parameter]:
    return ((name, value) for name, value in given if not name.startswith(b"oauth_") or name in _KNOWN)


def _check_form(oauth: dict[str, str]) -> None:
    if not oauth.get("oauth_consumer_key"):
        raise NotLetIn(INVALID_KEY)
    for name in _REQUIRED:
        if not oauth.get(name):
            raise NotLetIn(MISSING.format(name=name))
    if oauth["oauth_signature_method"] != "HMAC-SHA1":
        raise NotLetIn(INVALID_METHOD)
    if oauth.get("oauth_version", "1.0") != "1.0":
        raise NotLetIn(INVALID_VERSION)
    if not re.fullmatch(r"[0-9]{1,15}", oauth["oauth_timestamp"]):
        raise NotLetIn(INVALID_TIMESTAMP)
    if len(oauth["oauth_nonce"]) > LONGEST_NAME:
        raise NotLetIn(INVALID_NONCE)


def _check_time(timestamp: str, now: datetime, settings: Settings) -> None:
    if settings.time_window and abs(now.timestamp() - int(timestamp)) > settings.time_window.total_seconds():
        raise NotLetIn(OUT_OF_TIME)


def _from_header(incoming: Incoming) -> bool:
    return incoming.header("authorization")[:6].lower() == "oauth "


def _header_parameters(value: str) -> list[Parameter]:
    rest = value[6:].strip()
    found: list[Parameter] = []
    while rest:
        pair = _PAIR.match(rest)
        if pair is None:
            raise NotLetIn(INVALID_HEADER)
        found.append((pair[1].encode(), unquote_to_bytes(pair[2])))
        rest = rest[pair.end() :]
    return found
