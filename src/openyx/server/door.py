"""The door: what is needed to decide who comes in, and the account of who failed to."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from openyx.server.exchange import Incoming
from openyx.server.failed_attempts import FailedAttempts, address_of
from openyx.server.settings import Settings
from openyx.store import Store


@dataclass(frozen=True, slots=True)
class Door:
    """Where one comes in."""

    store: Store
    settings: Settings
    failed: FailedAttempts

    @contextmanager
    def watched(self, incoming: Incoming, key: str) -> Generator[None]:
        """Try a key within the block, as :meth:`FailedAttempts.watched` does, from where the request comes."""
        address = address_of(incoming, trust_forwarded=self.settings.trust_forwarded)
        with self.failed.watched(address, key):
            yield
