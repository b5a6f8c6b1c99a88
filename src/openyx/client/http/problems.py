"""What a bad answer, or none, means: the error to raise, and what to look at."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec

from openyx.client.access.address import Address
from openyx.client.access.known import Family
from openyx.client.http.exchange import Reply, Transmit
from openyx.client.http.times import http_date
from openyx.errors import (
    BadAnswer,
    BadRequest,
    Conflict,
    NotAllowed,
    NotFound,
    NotLetIn,
    OpenYXError,
    ServerError,
    TooMany,
    Unreachable,
)

SKEW = 240.0
"""Seconds between two clocks that are worth a word; servers that look accept five minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known when something goes wrong; ``odd`` says what is odd about key or secret, without showing them."""

    address: Address
    family: Family | None
    now: float
    odd: str = ""


def refusal(reply: Reply, what: str, about: Circumstances) -> OpenYXError:
    """The error of an answer with a status of 300 and more; *what* was asked for: ``GET v3/jobs/661f…``."""
    said = message(reply.content)
    page = title(reply)
    told = f": {said}" if said else f" (an HTML page, “{page}”)" if page is not None else ""
    match reply.status:
        case 401:
            return NotLetIn(f"not let in{told}", hint="; ".join(_suspects(reply, about)))
        case 403:
            return NotAllowed(f"{what}: this key may not do that{told}", hint=_right(what))
        case 404 | 410:
            return NotFound(
                f"{what}{told}" if "not found" in said.lower() else f"{what}: not found{told}",
                hint=f"only what this key may see was searched, at {about.address}",
            )
        case 405 | 501:
            return NotFound(f"{what}: this server does not offer it ({reply.status}){told}")
        case 407:
            return Unreachable(
                f"the proxy asks who is there (407){told}",
                passing=False,
                hint="give it as proxy=http://user:password@host:port",
            )
        case 409:
            return Conflict(f"{what}: {said or 'what is there says otherwise'}")
        case 429:
            return TooMany(f"{what}: the server asks to wait{told}", retry_after=wait_of(reply, about.now))
        case status if status < 400:
            there = reply.headers.first("location")
            return ServerError(
                f"{what}: the server points elsewhere ({status}), to {there.partition('?')[0] or 'nowhere'}",
                status=status,
                hint="use that address, if it is the server's",
            )
        case status if status < 500:
            return BadRequest(f"{what}: refused ({status}){told}", status=status)
        case status:
            return ServerError(
                f"{what}: the server failed ({status}){told}", status=status, retry_after=wait_of(reply, about.now)
            )


def unreadable(reply: Reply, what: str, error: Exception | None = None) -> BadAnswer:
    """The error of an answer that should have been a record and is none."""
    page = title(reply)
    if page is not None:
        return BadAnswer(
            f"{what}: an HTML page came instead of an answer, “{page}”",
            status=reply.status,
            hint="a proxy, a login page or another web site answers at this address",
        )
    if not reply.content.strip():
        return BadAnswer(f"{what}: the answer is empty", status=reply.status)
    kind = reply.headers.first("content-type") or "no content type"
    return BadAnswer(f"{what}: the answer cannot be read ({error}; {kind})", status=reply.status)


def unreachable(error: httpx2.HTTPError, asked: Transmit, response: httpx2.Response | None = None) -> OpenYXError:
    """The error of an exchange that ended without an answer, or in the middle of one."""
    cause = _root(error)
    address = asked.place
    match error:
        case httpx2.RemoteProtocolError() | httpx2.DecodingError() if response is not None:
            return BadAnswer(f"{address}: the answer broke off: {error}", status=response.status_code)
        case httpx2.PoolTimeout():
            return Unreachable(f"all connections to {address} were busy for too long", hint="do fewer things at once")
        case httpx2.ConnectTimeout():
            return Unreachable(f"{address} did not take the connection in time", hint=_NETWORK)
        case httpx2.ProxyError():
            return Unreachable(
                f"the proxy did not connect to {address}: {error}", hint="look at proxy= and HTTPS_PROXY"
            )
        case httpx2.ConnectError() if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(
                f"the certificate of {address} is not trusted: {cause.verify_message}",
                passing=False,
                hint="give the certificate of your company's authority as ca= or OPENYX_CA",
            )
        case httpx2.ConnectError() if isinstance(cause, ssl.SSLError):
            return Unreachable(
                f"{address} does not speak TLS as asked: {cause.reason}",
                passing=False,
                hint="is it http://, or another port?",
            )
        case httpx2.ConnectError() if isinstance(cause, socket.gaierror):
            return Unreachable(
                f"there is no host {urlsplit(asked.url).hostname}: {cause.strerror}",
                hint="look at the spelling, and at VPN and DNS",
            )
        case httpx2.ConnectError():
            return Unreachable(f"{address} takes no connection: {_reason(cause)}", hint=_NETWORK)
        case httpx2.ReadTimeout():
            return Unreachable(
                f"{address} took the request and did not answer in time", sent=True, hint="timeout= gives it longer"
            )
        case httpx2.WriteTimeout():
            return Unreachable(f"{address} did not take the request in time", sent=True)
        case httpx2.LocalProtocolError() | httpx2.UnsupportedProtocol():
            return Unreachable(f"the request to {address} could not be written: {error}", passing=False)
        case _:
            return Unreachable(f"the connection to {address} broke: {_reason(cause)}", sent=True, hint=_NETWORK)


_NETWORK = "look at address and port, VPN, firewall and proxy"


def message(content: bytes) -> str:
    """What an error body says, in whichever of its forms."""
    try:
        body = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=str | dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    if isinstance(body, str):
        return _short(body)
    members = {name.lower(): value for name, value in body.items()}
    said = [
        members.get("message") or members.get("error_description") or members.get("error") or "",
        members.get("innerexceptionmessage") or members.get("exceptionmessage") or "",
        "; ".join(_fields(members.get("modelstate"))),
    ]
    return _short(" ".join(str(text) for text in said if text))


def _fields(state: object) -> Iterator[str]:
    """The fields that a server did not like: ``contract.Name: The Name field is required.``"""
    try:
        told = msgspec.convert(state, dict[str, list[str] | str])
    except msgspec.ValidationError:
        return
    for name, texts in told.items():
        yield f"{name}: {texts if isinstance(texts, str) else ' '.join(texts)}"


def title(reply: Reply) -> str | None:
    """The title of an HTML page; nothing when the answer is none."""
    head = reply.content[:4096].lstrip().lower()
    if "html" not in reply.headers.first("content-type") and not head.startswith((b"<!doctype html", b"<html")):
        return None
    import html

    found = re.search(rb"<title[^>]*>(.*?)</title>", reply.content[:65536], re.IGNORECASE | re.DOTALL)
    return _short(html.unescape(found[1].decode("utf-8", "replace"))) if found else "untitled"


def wait_of(reply: Reply, now: float) -> float | None:
    """The seconds of a ``Retry-After``, which gives seconds or a date."""
    text = reply.headers.first("retry-after").strip()
    if not text:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    then = http_date(text)
    return max(0.0, then.timestamp() - now) if then else None


def _suspects(reply: Reply, about: Circumstances) -> Iterator[str]:
    if about.odd:
        yield about.odd
    date = http_date(reply.headers.first("date"))
    skew = about.now - date.timestamp() if date else 0.0
    if abs(skew) > SKEW:
        yield f"this machine's clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the server's"
    yield "look at key and secret, and that they belong to this server"
    if about.family is Family.OAUTH1:
        yield "V1 wants the key of a studio, everything else that of a user"
        yield f"scheme, host and port must be those of the server's base address (here {about.address.origin})"
        yield "servers since 2022.1 speak OAuth 2 only"
    elif about.family is Family.OAUTH2:
        yield "a server also says so when the right is missing (Curator, API access)"


def _right(what: str) -> str:
    for pattern, right in _RIGHTS:
        if re.search(pattern, what):
            return right
    return "a Curator can give the right, or the key of another user has it"


_RIGHTS = (
    (r"/package$", "downloading has to be allowed for the workflow"),
    (r"^POST .*/jobs$", "the workflow has to be shared with the key's user, with the right to run it"),
    (r"^POST .*/(workflows|versions)$", "publishing is for Artisans and Curators"),
    (r"^DELETE .*/jobs/", "others' jobs are for Curators to cancel"),
)


def _root(error: BaseException) -> BaseException:
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error


def _reason(cause: BaseException) -> str:
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__


def _short(text: str) -> str:
    return " ".join(text.split())[:500]
