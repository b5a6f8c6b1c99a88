"""OAuth 2 client credentials: a token that is fetched early, once for all who wait, and again when it is refused."""

from __future__ import annotations

from collections.abc import Callable

from openyx.api.calls import Flow
from openyx.api.oauth2 import Token
from openyx.client.access.secret import Secret
from openyx.client.auth.base import Signed

EARLY = 60.0
"""Seconds before its end at which a token counts as old; half its life when that is shorter."""


class OAuth2:
    """Bears a token; *fetch* asks the server for one, *clock* counts seconds."""

    def __init__(self, fetch: Callable[[], Flow[Token]], *, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._bearer: Secret | None = None
        self._until = 0.0

    @property
    def stale(self) -> bool:
        """There is no token, or it will soon be over."""
        return self._bearer is None or self._clock() >= self._until

    def renew(self) -> Flow[None]:
        """Fetch a token, unless another has done so meanwhile."""
        if self.stale:
            self.take((yield from self._fetch()))

    def take(self, token: Token) -> None:
        """Bear this token from now on."""
        self._bearer = Secret(f"Bearer {token.access_token}")
        self._until = self._clock() + token.expires_in - min(EARLY, token.expires_in / 2)

    def sign(self, method: str, url: str) -> Signed:  # noqa: ARG002 - the strategies' common form
        """The address as it is, with the token beside it."""
        return Signed(url, self._bearer.reveal() if self._bearer else "")

    def refused(self, signed: Signed) -> bool:
        """A token may have been withdrawn before its end: a new one is worth a try."""
        if self._bearer is not None and self._bearer.reveal() == signed.authorization:
            self._bearer = None
        return True
