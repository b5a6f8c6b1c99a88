"""A job: one run of a workflow, as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a job stands; :mod:`openyx.queue.life` says who may move it."""

    CREATED = "created"
    QUEUED = "queued"
    CLAIMED = "claimed"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    GIVEN_UP = "given_up"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (State.FINISHED, State.CANCELLED, State.GIVEN_UP)


class Disposition(StrEnum):
    """How a job ended, in the API's words; NONE until it is over."""

    NONE = "None"
    SUCCESS = "Success"
    WARNING = "Warning"
    ERROR = "Error"


class Priority(IntEnum):
    """Who goes first; the numbers are those of the API's requests. A job asked for with DEFAULT is kept as LOW."""

    DEFAULT = -1
    LOW = 0
    MEDIUM = 1
    HIGH = 2
    CRITICAL = 3


class Origin(StrEnum):
    """Through which door a job came; V1 lists only what came through the Subscription API."""

    SUBSCRIPTION = "subscription"
    USER = "user"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run of a workflow.

    ``attempt`` counts how often it was claimed, ``lost`` how often its worker vanished. ``worker`` holds it until
    ``lease_until``. ``records`` counts what its tools have passed on so far, None while nobody has counted.
    """

    id: str
    workflow_id: str
    version_id: str
    user_id: str
    origin: Origin
    answers: Mapping[str, str]
    priority: Priority
    worker_tag: str = ""
    state: State
    disposition: Disposition = Disposition.NONE
    created_at: datetime
    queued_at: datetime
    claimed_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    attempt: int = 0
    lost: int = 0
    worker: str | None = None
    lease_until: datetime | None = None
    records: int | None = None
    cancel_requested_at: datetime | None = None
    cancel_requested_by: str | None = None
    idempotency_key: str | None = None
    fingerprint: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing has happened to it yet: nobody has taken it, and there is nothing to be told of it."""
        return self.state is State.QUEUED and self.attempt == 0

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state.over
