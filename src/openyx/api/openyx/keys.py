"""Who the server takes us for."""

from __future__ import annotations

from openyx.api.calls import Call
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.wire import Record


class KeyInfo(Record):
    """Who is asking: the kind of key (``studio`` or ``user``), its user and studio."""

    kind: str
    user_id: str
    subscription_id: str
    email: str


class OwnKeys(Resource[M]):
    """The key that is asking."""

    @endpoint("GET openyx/v1/key")
    def current(self) -> Call[KeyInfo]:
        """Who the key says that we are."""
        return Call(KeyInfo)
