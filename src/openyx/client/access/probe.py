"""Finding out which family a server speaks, without handing the secret to anyone who listens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urljoin

import msgspec

from openyx.api.calls import Flow
from openyx.api.oauth2 import Token, TokenProblem, basic
from openyx.client.access.address import Address
from openyx.client.access.known import Family, Server
from openyx.client.access.secret import Secret
from openyx.client.http import problems
from openyx.client.http.exchange import Reply, Transmit
from openyx.client.http.problems import Circumstances
from openyx.errors import AskedWrongly, NotFound, NotLetIn, OpenYXError, ServerError, TooMany
from openyx.kinds import settled

SECONDS = 15.0
LIST = "v1/workflows/subscription/"
_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_GRANT = b"grant_type=client_credentials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The server as it answered, and the token where one was fetched on the way."""

    server: Server
    token: Token | None = None


def probe(address: Address, key: str, secret: Secret, *, allow_http: bool, now: float, odd: str = "") -> Flow[Found]:
    """Ask *address* what it speaks, with at most six requests (server-api §1.5).

    Raises ``NotFound`` when no Server API is there, ``NotLetIn`` when OAuth 2 is all there is and refuses the key,
    ``AskedWrongly`` when it would have to be given the secret in the clear, and ``Unreachable``.
    """
    address, reply = yield from _token_endpoint(address)
    heard = [reply]
    if not _asks_for_oauth2(reply):
        server = yield from _signed_api(address, heard)
        if server is None:
            raise _nothing(address, heard, now=now)
        return Found(server=server)
    modern = Server(address=address, family=Family.OAUTH2, prefix="/webapi")
    problem: OpenYXError
    if allow_http or address.safe:
        try:
            return Found(server=modern, token=(yield from fetch_token(modern, key, secret, now=now, odd=odd)))
        except NotLetIn as refused:
            problem = refused
    else:
        problem = in_the_clear(address)
    older = yield from _signed_api(address, heard)
    if older is None:
        raise problem
    return Found(server=older)


def fetch_token(server: Server, key: str, secret: Secret, *, now: float, odd: str = "") -> Flow[Token]:
    """A token for a key; raises ``NotLetIn`` when the server does not know it."""
    ask = Transmit(
        method="POST",
        url=f"{server.address.root}{server.prefix}/oauth2/token",
        headers=(_FORM, ("Authorization", basic(key, secret.reveal()))),
        body=_GRANT,
        seconds=SECONDS,
    )
    reply: Reply = yield ask
    about = Circumstances(address=server.address, family=Family.OAUTH2, now=now, odd=odd)
    if reply.status == 200:
        try:
            return msgspec.json.decode(reply.content, type=settled(Token), strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise problems.unreadable(reply, "fetching a token", error) from error
    if reply.status in (400, 401, 403) and _problem(reply) is not None:
        reply = replace(reply, status=401)
    raise problems.refusal(reply, "POST oauth2/token", about)


def in_the_clear(address: Address) -> AskedWrongly:
    """OAuth 2 sends the secret, and the way there is open to everybody on it."""
    return AskedWrongly(
        f"the secret would travel to {address} unencrypted",
        hint="use https://, or say allow_http when the network is your own",
    )


def _token_endpoint(address: Address) -> Flow[tuple[Address, Reply]]:
    """The address to which a redirect led, and what its token endpoint says to nobody in particular."""
    reply: Reply = yield _unsigned(address)
    if moved := _https(address, reply):
        address = moved
        reply = yield _unsigned(address)
    return address, reply


def _asks_for_oauth2(reply: Reply) -> bool:
    return reply.status in (400, 401) and _problem(reply) is not None


def _unsigned(address: Address) -> Transmit:
    return Transmit(
        method="POST", url=f"{address.root}/webapi/oauth2/token", headers=(_FORM,), body=_GRANT, seconds=SECONDS
    )


def _https(address: Address, reply: Reply) -> Address | None:
    """Where a redirect leads, when that is from http to the same host under https."""
    there = reply.headers.first("location")
    if not there or not 300 <= reply.status < 400 or address.scheme == "https":
        return None
    target = address.moved(urljoin(address.root, there))
    return target if target.scheme == "https" and target.host == address.host else None


def _problem(reply: Reply) -> TokenProblem | None:
    try:
        problem = msgspec.json.decode(reply.content, type=settled(TokenProblem))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return problem if problem.error else None


def _signed_api(address: Address, heard: list[Reply]) -> Flow[Server | None]:
    """Where OAuth 1 is, if it is there; what was answered else goes into *heard*."""
    prefixes = ("/api", "/gallery/api") if address.bare_api else ("/gallery/api", "/api")
    for prefix in prefixes:
        reply: Reply = yield Transmit(method="GET", url=f"{address.root}{prefix}/{LIST}", seconds=SECONDS)
        if moved := _https(address, reply):
            address = moved
            reply = yield Transmit(method="GET", url=f"{address.root}{prefix}/{LIST}", seconds=SECONDS)
        if reply.status == 401 and _is_four_keys(reply.content):
            return Server(address=address, family=Family.OAUTH1, prefix=prefix)
        heard.append(reply)
    return None


def _is_four_keys(content: bytes) -> bool:
    try:
        body = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return {"exceptionName", "message"} <= body.keys()


def _nothing(address: Address, heard: list[Reply], *, now: float) -> OpenYXError:
    """Why nothing was found: a server that fails or is busy has not said that it is none."""
    for reply in heard:
        wait = problems.wait_of(reply, now)
        if reply.status == 429:
            return TooMany(f"{address} asks to wait", retry_after=wait)
        if reply.status >= 500:
            text = f"{address} failed ({reply.status}) when it was asked what it speaks"
            return ServerError(text, status=reply.status, retry_after=wait)
    page = next((title for reply in heard if (title := problems.title(reply)) is not None), None)
    there = next((to for reply in heard if reply.status < 400 and (to := reply.headers.first("location"))), "")
    seen = f"; it points to {there.partition('?')[0]}" if there else f"; an HTML page does, “{page}”" if page else ""
    return NotFound(
        f"no Server API answers at {address}{seen}",
        hint="an address looks like https://alteryx.example.com/gallery/; "
        "the API has its own, which System Settings calls base address and Web API address",
    )
