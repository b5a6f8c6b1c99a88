"""What surrounds a client and can be put in its place: time, chance, the transport, patience."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import httpx2

from openyx.client.http.retry import Patience
from openyx.errors import AskedWrongly


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """The longest silence in each phase of an exchange, in seconds; ``whole`` is for a call with its repetitions."""

    connect: float = 10.0
    read: float = 60.0
    write: float = 60.0
    pool: float = 60.0
    whole: float = 300.0

    @classmethod
    def of(cls, given: float | Timeouts | None) -> Timeouts:
        """Time-outs of one length, or the usual ones when nothing is said; raises ``AskedWrongly``."""
        if isinstance(given, Timeouts):
            return given
        if given is None:
            return cls()
        if not 0 < given < float("inf"):
            raise AskedWrongly(f"{given!r} is no time-out in seconds")
        return cls(connect=given, read=given, write=given, pool=given)


def _nonce() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Time, chance and transport of a client.

    ``clock`` counts seconds from anywhere, ``now`` since 1970; ``chance`` gives numbers from 0 to 1; a pause is made by
    ``sleep`` in the blocking world and by ``asleep`` in the other, where none of them is the usual one.
    """

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    nonce: Callable[[], str] = _nonce
    sleep: Callable[[float], None] = time.sleep
    asleep: Callable[[float], Awaitable[None]] | None = None
    patience: Patience = field(default_factory=Patience)
    transport: httpx2.BaseTransport | None = None
    async_transport: httpx2.AsyncBaseTransport | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    oauth_header: bool = False
    connections: int = 100
    keep_alive: float = 30.0
    agent: str = "openyx"
