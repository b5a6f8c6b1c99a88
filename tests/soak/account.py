"""The account of a trial, when all is quiet: what was answered against what is recorded against what was run."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from openyx.store import Attempt, Disposition, Ending, Job, JobQuery, State, Store
from tests.soak.clients import Journal
from tests.soak.place import RECORDS, Place
from tests.stores import path_of

_WELL = (Disposition.SUCCESS, Disposition.WARNING)


@dataclass(frozen=True, slots=True)
class Noted:
    """A run that noted itself outside of the gallery."""

    job: str
    worker: str
    token: str


@dataclass(slots=True)
class Account:
    """What was found; ``wrong`` is empty when all is well."""

    wrong: list[str] = field(default_factory=list[str])
    jobs: int = 0
    states: Counter[State] = field(default_factory=Counter[State])
    endings: Counter[Ending] = field(default_factory=Counter[Ending])
    runs: int = 0
    outputs: int = 0

    def __str__(self) -> str:
        return (
            f"{self.jobs:,} jobs recorded, each ended once ({_counted(self.states)}), "
            f"attempts {_counted(self.endings)}; "
            f"{self.runs:,} runs noted outside, {self.outputs:,} outputs read"
        )


def noted(path: Path) -> dict[str, list[Noted]]:
    """The runs that have begun, by job."""
    found: dict[str, list[Noted]] = defaultdict(list)
    for line in path.read_text().splitlines() if path.exists() else ():
        word, job, worker, token = line.split()
        if word == "begun":
            found[job].append(Noted(job, worker, token))
    return found


def settle(place: Place, store: Store, journal: Journal) -> Account:
    """Compare."""
    account, runs = Account(), noted(place.notes)
    account.wrong += journal.wrong
    jobs = {job.id: job for job in store.jobs.list(JobQuery())}
    account.wrong += [f"job {job} was answered and is gone" for job in journal.answered - jobs.keys()]
    account.wrong += [f"job {job} was run and is not recorded" for job in runs.keys() - jobs.keys()]
    account.wrong += [f"key {key} gave the jobs {ids}" for key, ids in journal.keys.items() if len(ids) != 1]
    for job in jobs.values():
        _job(account, place, store, job, runs.get(job.id, []))
    account.wrong += _cancels(store, jobs, journal)
    account.jobs, account.runs = len(jobs), sum(map(len, runs.values()))
    return account


def _job(account: Account, place: Place, store: Store, job: Job, runs: list[Noted]) -> None:
    attempts = store.attempts.of(job.id)
    account.states[job.state] += 1
    account.endings.update(attempt.ending for attempt in attempts if attempt.ending)
    wrong = [*_ends(job, attempts), *_runs(place, job, attempts, runs)]
    wrong += _outputs(account, store, job, attempts, runs)
    account.wrong += [f"job {job.id} {text}: {job}, {attempts}" for text in wrong]


def _ends(job: Job, attempts: list[Attempt]) -> list[str]:
    """What is wrong with how it ended."""
    wrong: list[str] = []
    if not job.over or job.disposition is Disposition.NONE or job.finished_at is None:
        wrong.append("has not ended")
    if any(attempt.ending is None or attempt.ended_at is None for attempt in attempts):
        wrong.append("has an attempt without an end")
    last = attempts[-1].ending if attempts else None
    if job.state is State.FINISHED and last is not Ending.FINISHED:
        wrong.append("has finished without an attempt that did")
    if job.state is State.GIVEN_UP and last not in (Ending.LOST, Ending.HANDED_BACK):
        wrong.append("was given up though its last attempt was not lost")
    if (job.state is State.CANCELLED) and not job.cancel_requested_at:
        wrong.append("was cancelled by nobody")
    return wrong


def _runs(place: Place, job: Job, attempts: list[Attempt], runs: list[Noted]) -> list[str]:
    """What is wrong with how often it ran: each run belongs to an attempt of its worker."""
    more = Counter(run.worker for run in runs) - Counter(attempt.worker for attempt in attempts)
    wrong = [f"ran {times} times more than recorded by {worker}" for worker, times in more.items()]
    began = sum(attempt.started_at is not None for attempt in attempts)
    if job.workflow_id == place.once and (len(runs) > 1 or began > 1):
        wrong.append(f"may run once and ran {len(runs)} times, by the record {began}")
    return wrong


def _outputs(account: Account, store: Store, job: Job, attempts: list[Attempt], runs: list[Noted]) -> list[str]:
    """What is wrong with what it shows: nothing but what its last attempt made, and that only if it went well."""
    outputs = store.outputs.of(job.id)
    well = job.state is State.FINISHED and job.disposition in _WELL
    if len(outputs) != int(well):
        return [f"shows {len(outputs)} outputs"]
    wrong: list[str] = []
    for output in outputs:
        content = path_of(store.blobs, output.digest).read_bytes()
        made = [f"job,worker,token\n{run.job},{run.worker},{run.token}\n".encode() for run in runs]
        last = [text for text, run in zip(made, runs, strict=True) if run.worker == attempts[-1].worker]
        if content not in (last or [RECORDS]) or hashlib.sha256(content).hexdigest() != output.digest:
            wrong.append(f"shows what is not from its last attempt: {content!r}")
        account.outputs += 1
    return wrong


def _cancels(store: Store, jobs: dict[str, Job], journal: Journal) -> list[str]:
    wrong: list[str] = []
    for id_, at in journal.cancelled.items():
        if (job := jobs.get(id_)) is None:
            continue
        ended_before = job.finished_at is not None and job.finished_at <= at
        if not ended_before and (job.state not in (State.CANCELLED, State.FINISHED) or not job.cancel_requested_at):
            wrong.append(f"job {id_} was cancelled at {at} and is {job}")
        if late := [attempt for attempt in store.attempts.of(id_) if attempt.claimed_at > at]:
            wrong.append(f"job {id_} was cancelled at {at} and claimed after that: {late}")
    return wrong


def _counted(counter: Counter[State] | Counter[Ending]) -> str:
    return ", ".join(f"{number:,} {word}" for word, number in sorted(counter.items())) or "none"
