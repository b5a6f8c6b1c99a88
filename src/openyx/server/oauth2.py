"""OAuth 2 client credentials: the token endpoint, and the bearer of a token."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from openyx.api.oauth2 import OAuth2, Token, TokenProblem
from openyx.api.signing import parameters
from openyx.errors import DiskFull, NotLetIn, StoreUnreachable, TooMany
from openyx.logs import Events
from openyx.server.door import Door
from openyx.server.exchange import Incoming, Reply, json_reply
from openyx.server.failures import STORE_AWAY, status_of, waiting
from openyx.server.handlers import admits
from openyx.store import Holder, Key, KeyKind, Store

DENIED = "Authorization has been denied for this request."
_NOTHING_IS_KEPT = "The gallery cannot keep a token at the moment: its disk is full, or its database away."
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}

events = Events("openyx.server")


@dataclass(frozen=True, slots=True)
class _Refused(Exception):
    error: str
    description: str


@admits(OAuth2.token)
def token(door: Door, incoming: Incoming, body: bytes) -> Reply:
    """A token for a key and its secret, from a Basic header or the form; other members of the form are ignored."""
    try:
        issued = door.store.tokens.issue(_client(door, incoming, _form(body)))
    except _Refused as refused:
        problem = TokenProblem(error=refused.error, error_description=refused.description)
        return json_reply(problem, 400, headers=_NO_STORE)
    except TooMany as error:
        problem = TokenProblem(error="temporarily_unavailable", error_description=error.message)
        return json_reply(problem, 429, headers=_NO_STORE | waiting(error))
    except (DiskFull, StoreUnreachable) as error:
        events.failure("no token can be issued", error)
        problem = TokenProblem(error="temporarily_unavailable", error_description=_NOTHING_IS_KEPT)
        return json_reply(problem, status_of(error), headers=_NO_STORE | {"Retry-After": str(STORE_AWAY)})
    answer = Token(access_token=issued.text.reveal(), expires_in=int(issued.lifetime.total_seconds()))
    return json_reply(answer, headers=_NO_STORE)


def bearer(incoming: Incoming, store: Store) -> Holder:
    """Who holds the token of a request; NotLetIn when nobody does."""
    scheme, _, text = incoming.header("authorization").partition(" ")
    holder = store.tokens.holder(text.strip()) if scheme.lower() == "bearer" and text.strip().isascii() else None
    if holder is None:
        raise NotLetIn(DENIED)
    return holder


def _client(door: Door, incoming: Incoming, form: dict[str, str]) -> Key:
    grant = form.get("grant_type", "")
    if not grant:
        raise _Refused("invalid_request", "The parameter grant_type is missing.")
    if grant != "client_credentials":
        raise _Refused("unsupported_grant_type", "The grant type must be client_credentials.")
    name, secret = _basic(incoming.header("authorization")) or (form.get("client_id"), form.get("client_secret"))
    if not name or not secret:
        raise _Refused("invalid_client", "The client's id and secret are missing.")
    try:
        key = _authenticated(door, incoming, name, secret)
    except NotLetIn as error:
        raise _Refused("invalid_client", error.message) from error
    if key.kind is not KeyKind.USER:
        raise _Refused("invalid_client", "A studio key gets no token; use the user's API access key.")
    user = door.store.users.find(key.user_id)
    if not (user.active and user.api_enabled):
        raise _Refused("invalid_client", "The client's user may not use the API.")
    return key


def _authenticated(door: Door, incoming: Incoming, name: str, secret: str) -> Key:
    with door.watched(incoming, name):
        key = door.store.keys.authenticate(name, secret)
        if key is None:
            raise NotLetIn("The client's id or secret is wrong.")
        return key


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _Refused("invalid_client", "The Basic credentials cannot be read.") from error
    if not colon:
        raise _Refused("invalid_client", "The Basic credentials hold no secret.")
    return name, secret


def _form(body: bytes) -> dict[str, str]:
    pairs = parameters(body.decode("latin-1"))
    return {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in pairs}
