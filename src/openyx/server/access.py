"""Who may come in, and through which door: kinds of key by family, users that are active, curators."""

from __future__ import annotations

from typing import Any

from openyx.api.declaring import Endpoint
from openyx.api.v3.jobs import Jobs
from openyx.errors import NotLetIn
from openyx.server import oauth1, oauth2
from openyx.server.compat import Family
from openyx.server.door import Door
from openyx.server.exchange import Incoming
from openyx.server.handlers import Caller
from openyx.server.routes import Route
from openyx.store import Holder, KeyKind, Sight, Store

# V3 says of these that they are for curators; to others it answers 401.
_CURATORS = frozenset[Endpoint[..., Any]]({Jobs.messages})


def let_in(incoming: Incoming, route: Route, door: Door) -> Caller:
    """Who is asking; NotLetIn when nobody knows, or when it is the wrong kind of key for this door.

    Raises TooMany for who has been wrong too often.
    """
    holder, refusal = _holder(incoming, route.family, door)
    caller = _caller(holder)
    if route.handler.endpoint in _CURATORS and not caller.is_curator:
        raise NotLetIn(refusal)
    return caller


def still_in(caller: Caller, route: Route, store: Store) -> Caller:
    """Who has been let in, as he is now: NotLetIn when the key was revoked meanwhile, or its user or studio shut."""
    holder = store.keys.holder(caller.key.key)
    if holder is None:
        raise NotLetIn(oauth1.INVALID_KEY if route.family is Family.GALLERY else oauth2.DENIED)
    return _caller(holder)


def is_signed(incoming: Incoming, family: Family, door: Door) -> bool:
    """Whether who asks is known by a signature; it is written down, so that it lets in once."""
    if family is Family.WEBAPI or not door.settings.compat.oauth1:
        return False
    return family is Family.GALLERY or oauth1.is_signed(incoming)


def _caller(holder: Holder) -> Caller:
    return Caller(key=holder.key, user=holder.user, sight=Sight.of(holder.key, holder.user))


def _holder(incoming: Incoming, family: Family, door: Door) -> tuple[Holder, str]:
    """Who it is, and what is said when it is refused after all."""
    if not is_signed(incoming, family, door):
        return oauth2.bearer(incoming, door.store), oauth2.DENIED
    key = oauth1.verify(incoming, door).key
    holder = door.store.keys.holder(key.key)
    # The routes of the OAuth 1 family that exist so far are those of the Subscription API.
    if holder is None or (family is Family.GALLERY and key.kind is not KeyKind.STUDIO):
        raise NotLetIn(oauth1.INVALID_KEY)
    return holder, oauth1.INVALID_KEY
