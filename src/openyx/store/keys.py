"""Keys: a public text and a secret that sign requests or ask for tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openyx.errors import NotFound
from openyx.store.database import Database, Row
from openyx.store.moments import Clock, to_milliseconds
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write
from openyx.store.secret import Seal, Secret
from openyx.store.users import User, Users

SQL = queries("keys")


class KeyKind(StrEnum):
    """What a key opens: a studio's workflows, or what its user may do."""

    STUDIO = "studio"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key without its secret; ``key`` is its public text, ``studio_id`` the studio of its user.

    ``name`` is what those who keep it call it; it may be empty, and others may have it too.
    """

    key: str
    kind: KeyKind
    user_id: str
    studio_id: str
    created_at: datetime
    revoked_at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who may use the API by a key: the key with its user."""

    key: Key
    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key as it is shown once."""

    key: Key
    secret: Secret


class Keys:
    """The table of keys; secrets are kept sealed."""

    def __init__(self, database: Database, clock: Clock, users: Users, seal: Seal) -> None:
        self._database = database
        self._clock = clock
        self._users = users
        self._seal = seal

    def create(self, kind: KeyKind, *, user_id: str | None = None, name: str = "") -> NewKey:
        """A new key of a user, of the gallery's own user when none is named."""
        now = self._clock()
        with self._database.transaction():
            user = self._users.find(user_id) if user_id else self._users.owner()
            key = Key(key=_new_text(), kind=kind, user_id=user.id, studio_id=user.studio_id, created_at=now, name=name)
            secret = Secret(secrets.token_hex(32))
            sealed = self._seal.close(secret, of=key.key)
            sql = SQL["insert"].format(values=values(Key, "sealed_secret"))
            self._database.run(sql, write(key) | {"sealed_secret": sealed})
        return NewKey(key=key, secret=secret)

    def find(self, key: str) -> Key:
        """The key, revoked or not; NotFound."""
        row = self._database.one(SQL["find"].format(columns=columns(Key)), {"key": key})
        if row is None:
            raise NotFound("No such key.")
        return read(Key, row)

    def valid(self, key: str) -> NewKey | None:
        """A key that may be used now, with its secret, to verify a signature; None when unknown or revoked."""
        row = self._database.one(SQL["valid"].format(columns=columns(Key)), {"key": key})
        if row is None:
            return None
        return NewKey(key=read(Key, row), secret=self._seal.open(row["sealed_secret"], of=key))

    def holder(self, key: str) -> Holder | None:
        """A key that may be used now, with its user; None when it is revoked, or its user or studio shut out."""
        row = self._database.one(SQL["holder"].format(columns=HOLDER), {"key": key})
        return holder(row) if row else None

    def authenticate(self, key: str, secret: str) -> Key | None:
        """The key when the secret is its own; None when either is wrong, after the same comparison."""
        known = self.valid(key)
        expected = known.secret if known else _NOBODY
        return known.key if expected.matches(secret) and known else None

    def list(self, *, user_id: str | None = None) -> list[Key]:
        """Keys, oldest first, revoked ones too."""
        rows = self._database.all(SQL["list"].format(columns=columns(Key)), {"user_id": user_id})
        return [read(Key, row) for row in rows]

    def revoke(self, key: str) -> Key:
        """End a key at once, and every token that was issued to it; NotFound."""
        with self._database.transaction():
            self._database.run(SQL["revoke"], {"key": key, "at": to_milliseconds(self._clock())})
            return self.find(key)


HOLDER = f"{columns(Key, 'keys')}, {columns(User, 'users')}"


def holder(row: Row) -> Holder:
    """The holder that a row of these columns tells of."""
    return Holder(key=read(Key, row, "keys"), user=read(User, row, "users"))


_NOBODY = Secret(secrets.token_hex(32))


def _new_text() -> str:
    # The real server's form: a tick count in 15 upper-case digits, then 64 lower-case ones.
    return f"{secrets.randbits(60):015X}{secrets.token_hex(32)}"
