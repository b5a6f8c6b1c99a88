"""What a way of authentication has to do."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from openyx.api.calls import Flow


class Signed(NamedTuple):
    """A request's address and ``Authorization`` header, with who is asking put into either."""

    url: str
    authorization: str = ""


class Auth(Protocol):
    """A way to say who is asking."""

    @property
    def stale(self) -> bool:
        """Something has to be fetched before the next request can be signed."""
        ...

    def renew(self) -> Flow[None]:
        """Fetch it, unless another has done so meanwhile."""
        ...

    def sign(self, method: str, url: str) -> Signed:
        """Put into a request who is asking."""
        ...

    def refused(self, signed: Signed) -> bool:
        """The server answered 401 to *signed*: whether another try can turn out otherwise."""
        ...
