"""Silence: which jobs nobody has held for a whole lease, by a stopwatch of our own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from openyx.store import Job


class Silence:
    """Remembers when each lease was last seen to be prolonged.

    No clock that is set, here or on another host, makes a worker silent or hides that it is. Nobody is silent before
    one has listened for a whole lease.
    """

    def __init__(self, lease: timedelta, stopwatch: Callable[[], float]) -> None:
        self._lease = lease
        self._stopwatch = stopwatch
        self._heard: dict[tuple[str, int], tuple[datetime | None, float]] = {}

    def among(self, leased: Sequence[Job]) -> list[Job]:
        """Those whose workers are silent, among all that are held; what was known of others is forgotten."""
        silent = [job for job in leased if self.of(job)]
        held = {(job.id, job.attempt) for job in leased}
        self._heard = {key: heard for key, heard in self._heard.items() if key in held}
        return silent

    def of(self, job: Job) -> bool:
        """Whether the lease of a job was last prolonged a whole lease ago."""
        now = self._stopwatch()
        lease, since = self._heard.setdefault((job.id, job.attempt), (job.lease_until, now))
        if lease != job.lease_until:
            self._heard[job.id, job.attempt] = (job.lease_until, now)
            return False
        return now - since >= self._lease.total_seconds()
