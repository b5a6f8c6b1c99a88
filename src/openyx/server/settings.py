"""How a gallery is served: its age, its address, whom it trusts, and how much it takes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from openyx.errors import AskedWrongly
from openyx.server.compat import DEFAULT, Compat, compat

_PORTS = {"http": 80, "https": 443}

LONGEST_NAME = 255
"""The most characters of what names something: a workflow, a worker tag, an idempotency key, a nonce."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that is taken from outside: sizes in bytes, times in seconds.

    ``head`` counts the request line with all headers, ``headers`` their number, ``parameters`` those of the query;
    ``form`` is a request for a token; ``upload`` has at most ``parts`` parts, each ``text`` among them at most that
    long. ``patience`` is how long one waits for a whole head, for the next piece of a body, or for the next piece of
    an answer to be taken; what moves on average at less than ``slowest`` bytes a second is cut off all the same.
    ``connections`` is how many there may be at once, ``failures`` how many attempts to come in may fail within a
    minute, by address and by key.
    """

    head: int = 64 << 10
    headers: int = 100
    parameters: int = 200
    form: int = 16 << 10
    body: int = 1 << 20
    upload: int = 4 << 30
    parts: int = 64
    text: int = 64 << 10
    patience: float = 60
    slowest: int = 1 << 10
    connections: int = 400
    failures: int = 20


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
        """Refuse a base address that is none, and origins that are none."""
        if self.base_address and not _is_address(self.base_address):
            raise AskedWrongly(
                f"the base address {self.base_address!r} is no address",
                hint="write it as users call it: https://ayx.example.com/gallery/",
            )
        for origin in self.origins:
            _check_origin(origin)

    @property
    def gallery_prefixes(self) -> tuple[str, ...]:
        """Where the OAuth 1 family stands."""
        own = urlsplit(self.base_address).path.rstrip("/") + "/api"
        return tuple(dict.fromkeys(("/gallery/api", own))) if self.base_address else ("/gallery/api",)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.query


def _check_origin(text: str) -> None:
    """Refuse what no browser sends as an origin, and would never match."""
    if not text or text != _origin(text):
        raise AskedWrongly(
            f"{text!r} is no origin of web pages",
            hint="write scheme and host in lower case, a port where it is not the usual one, no path: "
            "https://app.example.com",
        )


def _origin(text: str) -> str:
    """The origin of an address as browsers write it; nothing where it has none."""
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme and parts.hostname:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            usual = parts.port is None or parts.port == _PORTS.get(parts.scheme)
            return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{parts.port}"
    return ""
