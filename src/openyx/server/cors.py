"""Browsers that call from another origin (CORS): the configured ones may, nobody else."""

from __future__ import annotations

from openyx.server.exchange import Incoming, Reply

_ALLOWED = "Authorization, Content-Type, Idempotency-Key"
_SHOWN = "Content-Disposition, Date, OpenYX-Version, X-Request-Id"


def headers(incoming: Incoming, origins: tuple[str, ...]) -> list[tuple[str, str]]:
    """The headers that let a page of one of the origins read the answer; none for a page of another."""
    if not origins:
        return []
    origin = incoming.header("origin")
    if origin not in origins:
        return [("Vary", "Origin")]
    return [
        ("Vary", "Origin"),
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Expose-Headers", _SHOWN),
        *_preflight(incoming),
    ]


def options(allowed: tuple[str, ...]) -> Reply:
    """The answer to OPTIONS: what the path takes."""
    return Reply(status=204, headers={"Allow": ", ".join(allowed)})


def _preflight(incoming: Incoming) -> list[tuple[str, str]]:
    if incoming.method != "OPTIONS":
        return []
    return [
        ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
        ("Access-Control-Allow-Headers", _ALLOWED),
        ("Access-Control-Max-Age", "600"),
    ]
