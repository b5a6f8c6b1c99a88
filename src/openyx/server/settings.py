"""How a gallery is served: its age, its address, whom it trusts, and how much it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from openyx.errors import AskedWrongly
from openyx.server.compat import DEFAULT, Compat, compat


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a request may be, in bytes; ``patience`` is how many seconds one waits for its next piece.

    ``head`` counts the request line with all headers, ``text`` a text in a multipart body, ``parts`` its parts.
    """

    head: int = 64 << 10
    body: int = 1 << 20
    upload: int = 4 << 30
    parts: int = 64
    text: int = 64 << 10
    patience: float = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a gallery is served.

    ``base_address`` is what its users call it (``https://ayx.example.com/gallery/``): signatures may be made for it,
    and its path, with ``/api`` behind it, is one more place of the OAuth 1 family. ``trust_forwarded`` believes the
    ``X-Forwarded-`` headers of a proxy. ``origins`` are the web pages that may call it from a browser. Signed requests
    that are older or younger than ``time_window`` are refused; without one their time does not matter.

    >>> Settings(base_address="http://ayx.example.com/").gallery_prefixes
    ('/gallery/api', '/api')
    """

    compat: Compat = field(default_factory=lambda: compat(DEFAULT))
    base_address: str = ""
    trust_forwarded: bool = False
    origins: tuple[str, ...] = ()
    time_window: timedelta | None = None
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Refuse a base address that is none."""
        parts = urlsplit(self.base_address)
        if self.base_address and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query):
            raise AskedWrongly(
                f"the base address {self.base_address!r} is no address",
                hint="write it as users call it: https://ayx.example.com/gallery/",
            )

    @property
    def gallery_prefixes(self) -> tuple[str, ...]:
        """Where the OAuth 1 family stands."""
        own = urlsplit(self.base_address).path.rstrip("/") + "/api"
        return tuple(dict.fromkeys(("/gallery/api", own))) if self.base_address else ("/gallery/api",)
