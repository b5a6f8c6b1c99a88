"""The token endpoint of OAuth 2 client credentials."""

from __future__ import annotations

import base64

from openyx.api.calls import Call
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.wire import Record


class Token(Record, rename=None):
    """A bearer token; ``expires_in`` is in seconds."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the scheme's name
    expires_in: float = 3600


class TokenProblem(Record, rename=None):
    """Why there is no token."""

    error: str = ""
    error_description: str = ""


class OAuth2(Resource[M]):
    """Where a key and a secret become a token."""

    @endpoint("POST oauth2/token")
    def token(self, *, client_id: str, client_secret: str) -> Call[Token]:
        """A token for a key and its secret, which travel in a Basic header."""
        return Call(Token, form={"grant_type": "client_credentials"}, authorization=basic(client_id, client_secret))


def basic(client_id: str, client_secret: str) -> str:
    """The value of an ``Authorization`` header of the Basic scheme."""
    return "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
