"""Retention: how long jobs, outputs and versions are kept, and the sweep that removes what is older or too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from openyx.store.blobs import ABANDONED, Blobs
from openyx.store.database import Contended, Database
from openyx.store.moments import Clock, to_milliseconds
from openyx.store.nonces import Nonces
from openyx.store.queries import queries
from openyx.store.references import References
from openyx.store.sweeping import removable_before, sweep
from openyx.store.tokens import Tokens
from openyx.store.workers import Workers

SQL = queries("retention")

REMEMBERED = timedelta(days=2)
"""No job goes earlier, whatever is said: a request that is repeated within a day must find the job it became."""

_FOUND = 1000
_AT_ONCE = 50

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How much is kept; None sets no limit.

    ``jobs`` and ``outputs`` are ages, counted from a job's end; ``most_jobs`` is a number, ``output_bytes`` what the
    outputs of all jobs may hold together, ``versions`` how many newest ones of a workflow stay in any case.
    """

    jobs: timedelta | None = timedelta(days=365)
    most_jobs: int | None = 1_000_000
    outputs: timedelta | None = timedelta(days=90)
    output_bytes: int | None = None
    versions: int | None = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep has removed: jobs, jobs that lost their outputs, versions, uploads that were cut off, blobs."""

    jobs: int = 0
    outputs: int = 0
    versions: int = 0
    uploads: int = 0
    blobs: int = 0
    bytes: int = 0

    def __bool__(self) -> bool:
        """Whether there was anything."""
        return any((self.jobs, self.outputs, self.versions, self.uploads, self.blobs))


class Retention:
    """Removes what need not be kept: records first, a few in a transaction, then the blobs that no record speaks of.

    A sweep can be killed wherever it is; the next one goes on. Several at the same time do not disturb each other.
    """

    def __init__(self, database: Database, blobs: Blobs, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._references = References(database)

    def sweep(self, keep: Keep, *, stop: Stop = lambda: False) -> Swept:
        """Remove what is older or more than is kept; *stop* is asked now and then whether to end early.

        A job that is not over stays, and so do the published version and every version that a job speaks of.
        StoreUnreachable, and nothing goes, where the files are away, or another gallery's.
        """
        self._blobs.check()
        self._forget()
        jobs = self._aged("jobs", keep.jobs, stop) + self._beyond("jobs", keep.most_jobs, stop)
        outputs = self._aged("outputs", keep.outputs, stop) + self._beyond("outputs", keep.output_bytes, stop)
        versions = self._beyond("versions", keep.versions, stop)
        uploads = self._blobs.sweep()
        before = removable_before(self._blobs.depot, self._references)
        removed = sweep(self._blobs.depot, self._references, before=before, stop=stop)
        return Swept(
            jobs=jobs, outputs=outputs, versions=versions, uploads=uploads, blobs=removed.files, bytes=removed.bytes
        )

    def _forget(self) -> None:
        Tokens(self._database, self._clock).forget()
        Nonces(self._database, self._clock).forget()
        Workers(self._database).forget_silent(before=self._clock() - ABANDONED)

    def _aged(self, what: str, age: timedelta | None, stop: Stop) -> int:
        if age is None:
            return 0
        params = {"before": to_milliseconds(self._clock() - age)}
        return self._removed(f"{what}_before", _REMOVE[what], params, stop)

    def _beyond(self, what: str, most: int | None, stop: Stop) -> int:
        if most is None:
            return 0
        return self._removed(f"{what}_beyond", _REMOVE[what], {"most": most}, stop)

    def _removed(self, found: str, remove: str, params: dict[str, int], stop: Stop) -> int:
        """Remove what a query finds, as long as it finds some that can be removed; how many it were."""
        params = params | {"remembered": to_milliseconds(self._clock() - REMEMBERED), "batch": _FOUND}
        count = 0
        while not stop():
            ids = [row["id"] for row in self._database.all(SQL[found], params)]
            before = count
            for first in range(0, len(ids), _AT_ONCE):
                if stop():
                    break
                count += self._remove(SQL[remove], ids[first : first + _AT_ONCE])
            if count == before:
                break
        return count

    def _remove(self, sql: str, ids: list[str]) -> int:
        try:
            with self._database.transaction():
                removed = sum(self._database.run(sql, {"id": id}) > 0 for id in ids)  # noqa: A001 - the word of the tables
                if sql == SQL["remove_job"]:
                    self._database.run(SQL["count_removed"], {"jobs": removed})
                return removed
        except Contended:  # somebody needs one of them just now: all of these wait for the next sweep
            return 0


_REMOVE = {"jobs": "remove_job", "outputs": "remove_outputs", "versions": "remove_version"}
