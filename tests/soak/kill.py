"""The kill suite: SIGKILL to server, workers and children at random points, until the account is settled."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from openyx.store import JobQuery, State
from tests.soak import account, invariants
from tests.soak.account import Account
from tests.soak.cast import SLOTS, Cast, belonging, children, until
from tests.soak.clients import Clients
from tests.soak.place import Place, place
from tests.soak.placing import Asker

_ABANDONED = 2 * 24 * 3600
_VICTIMS = ("server", "worker 1", "worker 2", "child", "child")
_ENGINE_SHARE = 0.2  # of those at the second place: the engine notes nothing, which is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a campaign has come to; printed as one line."""

    database: str
    seed: int
    seconds: float
    kills: Counter[str]
    rounds: int
    answered: int
    cancelled: int
    unanswered: int
    checks: int
    slots: int
    account: Account

    def __str__(self) -> str:
        by = ", ".join(f"{number:,} {whom}" for whom, number in sorted(self.kills.items()))
        return (
            f"{self.kills.total():,} kills ({by}) in {self.rounds:,} rounds on {self.database}, seed {self.seed}, "
            f"{self.seconds:.0f} s: {self.answered:,} jobs answered, {self.unanswered:,} requests cut off, "
            f"{self.cancelled:,} cancels answered; {self.account}; all {self.slots} slots took work at the end; "
            f"{self.checks:,} integrity checks; {len(self.account.wrong)} wrong"
        )


def campaign(folder: Path, *, kills: int, seed: int, server: str = "") -> Counts:
    """Kill until it was done so often, start all again, wait until all is quiet, and settle the account."""
    began, random = time.monotonic(), Random(seed)
    with place(folder, server) as here, Cast(here) as cast:
        with Clients(here, lambda: cast.url, seed=seed) as clients:
            killed, rounds, wrong = _kill(cast, random, kills)
        journal = clients.journal
        with here.opened() as store:
            until(lambda: not _going_on(store.jobs.count(JobQuery(states=_OPEN))), "all jobs are over")
            slots = _all_slots_work(cast)
            _sweep(cast)
            settled = account.settle(here, store, journal)
            wrong += [f"the gallery's own check finds {fault}" for fault in store.checking.check(deep=True)]
        settled.wrong += wrong + _left(here) + _failures(cast) + invariants.broken(here)
        return Counts(
            database="PostgreSQL" if here.database else "SQLite",
            seed=seed,
            seconds=time.monotonic() - began,
            kills=killed,
            rounds=rounds,
            answered=len(journal.answered),
            cancelled=len(journal.cancelled),
            unanswered=journal.unanswered,
            checks=rounds + 1,
            slots=slots,
            account=settled,
        )


_OPEN = (State.CREATED, State.QUEUED, State.CLAIMED, State.RUNNING)


def _going_on(jobs: int) -> bool:
    return jobs > 0


def _kill(cast: Cast, random: Random, kills: int) -> tuple[Counter[str], int, list[str]]:
    """Round by round: let something happen, or nothing; kill one or several; start them again; look at the store."""
    killed, rounds, wrong = Counter[str](), 0, list[str]()
    while killed.total() < kills:
        if random.random() < 0.8:
            until(cast.listens, "the server listens")
        if random.random() < 0.5:
            begun = _size(cast.place.notes)
            until(lambda: cast.listens() and _size(cast.place.notes) > begun, "a job begins")  # noqa: B023 - it is awaited here
        time.sleep(random.uniform(0, 0.4))
        victims = random.sample(_VICTIMS, random.choices((1, 2, 3, 4), (30, 40, 20, 10))[0])
        for victim in victims:
            killed[victim.split()[0]] += _dead(cast, victim, random)
        for number in (1, 2):
            if not cast.workers[number - 1].alive:
                cast.workers[number - 1] = cast.worker(engine=number == 2 and random.random() < _ENGINE_SHARE)
        if not cast.server.alive:
            cast.restart_server()
        rounds += 1
        wrong += invariants.broken(cast.place)
    return killed, rounds, wrong


def _dead(cast: Cast, victim: str, random: Random) -> int:
    """Kill; how many that were."""
    match victim.split():
        case ["server"]:
            cast.server.kill()
            return 1
        case ["worker", number]:
            cast.workers[int(number) - 1].kill()
            return 1
        case _:
            alive = [pid for worker in cast.workers if worker.alive for pid in children(worker.process.pid)]
            if not alive:
                return 0
            with suppress(ProcessLookupError):
                os.kill(random.choice(alive), signal.SIGKILL)
            return 1


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _all_slots_work(cast: Cast) -> int:
    """As many runs as there are slots, all at the same time: each waits for a gate that opens when all have begun."""
    for number, worker in enumerate(cast.workers):  # those with the engine know no gate
        worker.end()
        cast.workers[number] = cast.worker()
    slots = SLOTS * len(cast.workers)
    with Asker(cast.place, lambda: cast.url) as asker:
        jobs = [asker.start(cast.place.again, "gate") for _ in range(slots)]
        until(lambda: set(jobs) <= account.noted(cast.place.notes).keys(), "all slots take work")
        cast.place.gate.touch()
        until(lambda: all(asker.over(job) for job in jobs), "what waited at the gate is over")
    return slots


def _sweep(cast: Cast) -> None:
    """What a dead server was receiving is removed by the next one when it has grown old; the workers end well."""
    until(cast.listens, "the server listens")
    cast.server.end()
    for upload in (cast.place.data / "uploads").iterdir():
        old = time.time() - _ABANDONED
        os.utime(upload, (old, old))
    cast.restart_server()
    until(cast.listens, "the server listens")
    cast.end()


def _left(here: Place) -> list[str]:
    """Work folders, uploads, processes: there are none."""
    until(lambda: not belonging(here), "all processes have ended")
    folders = (here.data / "work", here.data / "uploads")
    return [f"{path} was left" for folder in folders for path in folder.rglob("*")]


def _failures(cast: Cast) -> list[str]:
    """What servers and workers logged as broken."""
    events = [event for actor in cast.all for event in actor.events()]
    return [f"logged: {event}" for event in events if event["level"] == "error"]
