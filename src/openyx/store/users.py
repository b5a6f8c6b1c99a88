"""Users: who owns workflows, starts jobs and holds keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openyx.errors import Conflict, NotFound
from openyx.store.database import Database
from openyx.store.filters import folded
from openyx.store.moments import Clock, new_id
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write
from openyx.store.studios import Studios

SQL = queries("users")
OWNER = "owner@localhost"


class Role(StrEnum):
    """What a user may do, in the API's words."""

    NO_ACCESS = "NoAccess"
    VIEWER = "Viewer"
    MEMBER = "Member"
    ARTISAN = "Artisan"
    CURATOR = "Curator"
    EVALUATED = "Evaluated"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user; ``studio_id`` is the studio that the user's workflows live in."""

    id: str
    email: str
    first_name: str
    last_name: str
    role: Role
    studio_id: str
    active: bool = True
    api_enabled: bool = True
    can_prioritize_jobs: bool = True
    created_at: datetime

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class Users:
    """The table of users."""

    def __init__(self, database: Database, clock: Clock, studios: Studios) -> None:
        self._database = database
        self._clock = clock
        self._studios = studios

    def owner(self) -> User:
        """The gallery's own user, a curator; made, with a private studio, when first asked for."""
        with self._database.transaction():
            try:
                return self.by_email(OWNER)
            except NotFound:
                return self.create(OWNER, first_name="Gallery", last_name="Owner", role=Role.CURATOR)

    def create(self, email: str, *, first_name: str, last_name: str, role: Role) -> User:
        """A new user with a private studio; Conflict when the e-mail address is taken."""
        now = self._clock()
        with self._database.transaction():
            if self._row("by_email", email=folded(email)):
                raise Conflict(f"A user with the e-mail address {email} exists.")
            studio = self._studios.create(f"{first_name} {last_name}'s Private Studio")
            user = User(
                id=new_id(now),
                email=email,
                first_name=first_name,
                last_name=last_name,
                role=role,
                studio_id=studio.id,
                created_at=now,
            )
            sql = SQL["insert"].format(values=values(User, "email_folded"))
            self._database.run(sql, write(user) | {"email_folded": folded(email)})
        return user

    def find(self, id: str) -> User:  # noqa: A002 - the word of the API
        """The user; NotFound."""
        return self._found(f"User {id}", self._row("find", id=id))

    def by_email(self, email: str) -> User:
        """The user with that e-mail address, whatever its case; NotFound."""
        return self._found(f"A user with the e-mail address {email}", self._row("by_email", email=folded(email)))

    def list(self) -> list[User]:
        """All users, oldest first."""
        return [read(User, row) for row in self._database.all(SQL["list"].format(columns=columns(User)), {})]

    def _row(self, query: str, **params: str) -> User | None:
        row = self._database.one(SQL[query].format(columns=columns(User)), params)
        return read(User, row) if row else None

    def _found(self, what: str, user: User | None) -> User:
        if user is None:
            raise NotFound(f"{what} was not found.")
        return user
