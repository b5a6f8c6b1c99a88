"""Bearer tokens: issued to a key, kept as a hash, ended by time or with their key."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from openyx.store.database import Database
from openyx.store.keys import HOLDER, Holder, Key, holder
from openyx.store.moments import Clock, to_milliseconds
from openyx.store.queries import queries
from openyx.store.rows import values, write
from openyx.store.secret import Secret

SQL = queries("tokens")
LIFETIME = timedelta(hours=1)
_HOLDER = SQL["holder"].format(columns=HOLDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is issued once."""

    text: Secret
    expires_at: datetime
    lifetime: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    hash: str
    key: str
    issued_at: datetime
    expires_at: datetime


class _Held(NamedTuple):
    """Who holds a token, and until when, in milliseconds."""

    holder: Holder
    until: int


class Tokens:
    """The table of tokens."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def issue(self, key: Key, *, lifetime: timedelta = LIFETIME) -> Token:
        """A new token of a key; tokens that are over are forgotten."""
        now = self._clock()
        text = secrets.token_urlsafe(96)
        kept = _Kept(hash=_hash(text), key=key.key, issued_at=now, expires_at=now + lifetime)
        with self._database.transaction(durable=False):
            self.forget()
            self._database.run(SQL["insert"].format(values=values(_Kept)), write(kept))
        return Token(text=Secret(text), expires_at=kept.expires_at, lifetime=lifetime)

    def forget(self) -> None:
        """Forget those that are over."""
        with self._database.transaction(durable=False):
            self._database.run(SQL["forget"], {"now": to_milliseconds(self._clock())})

    def holder(self, text: str) -> Holder | None:
        """Who holds a token; None when it is unknown or over, its key revoked, or user or studio shut out."""
        hashed = _hash(text)
        found = self._database.once(("token", hashed), lambda: self._held(hashed))
        if found is None or found.until <= to_milliseconds(self._clock()):
            return None
        return found.holder

    def _held(self, hashed: str) -> _Held | None:
        row = self._database.one(_HOLDER, {"hash": hashed})
        return _Held(holder(row), row["expires_at"]) if row else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
