"""What a key may see: its studio, what is its user's own or public, or everything."""

from __future__ import annotations

from dataclasses import dataclass

from openyx.store.filters import Filter
from openyx.store.keys import Key, KeyKind
from openyx.store.users import Role, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Limits a query to what somebody may see."""

    user_id: str
    studio_id: str
    kind: KeyKind
    everything: bool = False

    @classmethod
    def of(cls, key: Key, user: User) -> Sight:
        """What a key sees: a studio key its studio, a curator's user key all."""
        everything = key.kind is KeyKind.USER and user.role is Role.CURATOR
        return cls(user_id=user.id, studio_id=key.studio_id, kind=key.kind, everything=everything)

    def of_workflows(self, query: Filter) -> None:
        """Keep the workflows (``w``) in sight."""
        if self.everything:
            return
        if self.kind is KeyKind.STUDIO:
            query.add("w.studio_id = :seen_studio", seen_studio=self.studio_id)
        else:
            query.add("(w.studio_id = :seen_studio OR w.public = 1)", seen_studio=self.studio_id)

    def of_jobs(self, query: Filter) -> None:
        """Keep the jobs (``j``, with their workflows ``w``) in sight."""
        if self.everything:
            return
        if self.kind is KeyKind.STUDIO:
            query.add("w.studio_id = :seen_studio", seen_studio=self.studio_id)
        else:
            query.add("j.user_id = :seen_user", seen_user=self.user_id)
