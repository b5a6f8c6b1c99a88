"""Who the key says that one is."""

from __future__ import annotations

from openyx.api.openyx.keys import KeyInfo, OwnKeys
from openyx.server.handlers import Request, handles


@handles(OwnKeys.current)
def current(request: Request) -> KeyInfo:
    """The key that is asking."""
    key, user = request.caller.key, request.caller.user
    return KeyInfo(kind=key.kind, user_id=user.id, subscription_id=key.studio_id, email=user.email)
