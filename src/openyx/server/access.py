"""Who may come in, and through which door: kinds of key by family, users that are active, curators."""

from __future__ import annotations

from typing import Any

from openyx.api.declaring import Endpoint
from openyx.api.v3.jobs import Jobs
from openyx.errors import NotLetIn
from openyx.server import oauth1, oauth2
from openyx.server.compat import Family
from openyx.server.exchange import Incoming
from openyx.server.handlers import Caller
from openyx.server.routes import Route
from openyx.server.settings import Settings
from openyx.store import Key, KeyKind, Sight, Store

# V3 says of these that they are for curators; to others it answers 401.
_CURATORS = frozenset[Endpoint[..., Any]]({Jobs.messages})


def let_in(incoming: Incoming, route: Route, store: Store, settings: Settings) -> Caller:
    """Who is asking; NotLetIn when nobody knows, or when it is the wrong kind of key for this door."""
    key, refusal = _key(incoming, route.family, store, settings)
    user = store.users.find(key.user_id)
    if not (user.active and user.api_enabled and _is_open(key, store)):
        raise NotLetIn(refusal)
    caller = Caller(key=key, user=user, sight=Sight.of(key, user))
    if route.handler.endpoint in _CURATORS and not caller.is_curator:
        raise NotLetIn(refusal)
    return caller


def _key(incoming: Incoming, family: Family, store: Store, settings: Settings) -> tuple[Key, str]:
    """The key, and what is said when it is refused after all."""
    signed = settings.compat.oauth1 and (family is Family.GALLERY or oauth1.is_signed(incoming))
    if family is Family.WEBAPI or not signed:
        return oauth2.bearer(incoming, store), oauth2.DENIED
    key = oauth1.verify(incoming, store, settings).key
    # The routes of the OAuth 1 family that exist so far are those of the Subscription API.
    if family is Family.GALLERY and key.kind is not KeyKind.STUDIO:
        raise NotLetIn(oauth1.INVALID_KEY)
    return key, oauth1.INVALID_KEY


def _is_open(key: Key, store: Store) -> bool:
    if key.kind is not KeyKind.STUDIO:
        return True
    studio = store.studios.find(key.studio_id)
    return studio.active and studio.api_enabled
