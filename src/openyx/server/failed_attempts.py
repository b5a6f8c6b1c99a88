"""Failed attempts to come in, counted by address and by key, so that guessing and flooding come to nothing."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from openyx.errors import NotAllowed, NotLetIn, TooMany
from openyx.server.exchange import Incoming

WINDOW = 60.0
"""Seconds in which a count runs down to nothing."""

REMEMBERED = 10_000
"""The most counts that are kept; the oldest ones go first."""

# A key is the concern of everybody who holds it: it takes more than one address to put others under suspicion.
_EVERYWHERE = 5


@dataclass(slots=True)
class _Count:
    level: float
    at: float


class FailedAttempts:
    """Who failed how often lately; safe in threads.

    Counts are of addresses, of keys, and of keys at an address. Each runs down steadily, so that *most* failures may
    come at once and as many more within a minute. Who fails with a key is not heard with it any more while one of
    the three is too high. Who has not failed with a key within a minute is always heard, whoever shares address or
    key: a good signature lets in, and a wrong one is answered as one too many.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._counts: OrderedDict[bytes, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many counts are kept."""
        return len(self._counts)

    @contextmanager
    def watched(self, address: str, key: str) -> Generator[None]:
        """Try to come in within the block: NotLetIn there is a failure, an end without error a success.

        Raises TooMany, with the seconds to wait, instead of the one failure that is too many, and at once when
        nobody is heard.
        """
        if wait := self._unheard(address, key):
            raise _too_many(wait)
        try:
            yield
        except NotAllowed:
            raise
        except NotLetIn as error:
            if wait := self._failed(address, key):
                raise _too_many(wait) from error
            raise
        self._succeeded(address, key)

    def _unheard(self, address: str, key: str) -> float:
        with self._lock:
            pair = self._counts.get(_mark(address, key))
            if pair is None or self._clock() - pair.at > WINDOW:
                return 0
            return max(self._wait(mark, most - 1) for mark, most in self._marks(address, key))

    def _failed(self, address: str, key: str) -> float:
        with self._lock:
            return max(self._counted(mark, most) for mark, most in self._marks(address, key))

    def _succeeded(self, address: str, key: str) -> None:
        with self._lock:
            self._counts.pop(_mark(address, key), None)

    def _marks(self, address: str, key: str) -> tuple[tuple[bytes, int], ...]:
        return (
            (_mark(address, key), self._most),
            (_mark(address, None), self._most),
            (_mark(None, key), self._most * _EVERYWHERE),
        )

    def _wait(self, mark: bytes, most: float) -> float:
        """Seconds until a count is no higher than *most*."""
        count = self._counts.get(mark)
        return max(0.0, (self._level(count) - most) * WINDOW / self._most) if count else 0.0

    def _level(self, count: _Count) -> float:
        return max(0.0, count.level - (self._clock() - count.at) * self._most / WINDOW)

    def _counted(self, mark: bytes, most: int) -> float:
        """Count one more; seconds to wait when there are more than *most*."""
        before = self._counts.pop(mark, None)
        level = (self._level(before) if before else 0) + 1
        # A flood is forgiven as soon as anything else.
        self._counts[mark] = _Count(min(level, most), self._clock())
        if len(self._counts) > REMEMBERED:
            self._counts.popitem(last=False)
        return max(1.0, WINDOW / self._most) if level > most else 0


def address_of(incoming: Incoming, *, trust_forwarded: bool) -> str:
    """Where a request comes from, as it is counted: an IPv4 address, or the network of 64 bits around an IPv6 one.

    Behind a proxy that is trusted it is what that proxy has added to ``X-Forwarded-For``, which is the last one there.

    >>> address_of(Incoming(method="GET", path="/", peer="2001:db8:1:2:3:4:5:6"), trust_forwarded=False)
    '2001:db8:1:2::/64'
    """
    if trust_forwarded:
        forwarded = ",".join(incoming.headers("x-forwarded-for")).rpartition(",")[2].strip()
        if found := _network(forwarded):
            return found
    return _network(incoming.peer) or incoming.peer


def _network(text: str) -> str:
    try:
        # Some proxies add the port.
        bare = text[1:].partition("]")[0] if text.startswith("[") else text
        address = ip_address(bare.partition(":")[0] if bare.count(":") == 1 else bare)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False))


def _mark(address: str | None, key: str | None) -> bytes:
    """A short name of what is counted; keys that people send are neither kept nor trusted to be short."""
    return hashlib.blake2b(f"{address}\n{key}".encode("utf-8", "replace"), digest_size=16).digest()


def _too_many(wait: float) -> TooMany:
    text = "Too many attempts to come in have failed; wait before the next one."
    return TooMany(text, retry_after=max(1, math.ceil(wait)))
