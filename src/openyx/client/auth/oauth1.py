"""OAuth 1.0a: each request is signed; the secret never travels."""

from __future__ import annotations

from collections.abc import Callable, Generator

from openyx.api import signing
from openyx.api.calls import Step
from openyx.client.access.secret import Secret
from openyx.client.auth.base import Signed


class OAuth1:
    """Signs in the query, as the old clients do, or in a header on request.

    ``now`` gives the seconds since 1970 by the server's clock as far as it is known, ``nonce`` a text that is new.
    """

    stale = False

    def __init__(
        self, key: str, secret: Secret, *, now: Callable[[], float], nonce: Callable[[], str], header: bool = False
    ) -> None:
        self._key = key
        self._secret = secret
        self._now = now
        self._nonce = nonce
        self._header = header

    def renew(self) -> Generator[Step, object, None]:
        """There is nothing to fetch."""
        yield from ()

    def sign(self, method: str, url: str) -> Signed:
        """The signed address, or the address with the header that signs it."""
        oauth = signing.signed(
            method,
            url,
            key=self._key,
            secret=self._secret.reveal(),
            nonce=self._nonce(),
            timestamp=int(self._now()),
        )
        return Signed(url, signing.in_header(oauth)) if self._header else Signed(signing.in_query(url, oauth))

    def refused(self, signed: Signed) -> bool:  # noqa: ARG002 - the strategies' common form
        """The same key would be refused again."""
        return False
