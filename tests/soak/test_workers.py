"""Workers that hang, clocks that jump, children that leave something behind: each job ends once all the same."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from openyx.store import Disposition, Ending
from tests.soak import account, invariants
from tests.soak.cast import Actor, Cast, belonging, children, until
from tests.soak.length import LONG
from tests.soak.place import Place
from tests.soak.placing import Asker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by what only Linux has")
HOUR = 3600


def begun(here: Place, job: str) -> int:
    return len(account.noted(here.notes)[job])


def stopped(here: Place, worker: Actor) -> bool:
    """Stop a worker; who was writing goes on: it would hold the file's lock, and hold up everybody."""
    worker.signal(signal.SIGSTOP)
    until(lambda: " T " in Path(f"/proc/{worker.process.pid}/stat").read_text(), "it has stopped")
    if here.database:
        return True
    connection = sqlite3.connect(here.data / "gallery.sqlite", timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        worker.signal(signal.SIGCONT)
        return False
    finally:
        connection.close()
    return True


def endings(here: Place, job: str) -> list[Ending | None]:
    with here.opened() as store:
        return [attempt.ending for attempt in store.attempts.of(job)]


def test_what_a_worker_says_that_hung_for_a_lease_is_not_heard(here: Place, told: Callable[[object], None]) -> None:
    times = 10 if LONG else 1
    with Cast(here, workers=0) as cast, Asker(here, lambda: cast.url) as asker:
        for _ in range(times):
            here.gate.unlink(missing_ok=True)
            hung = cast.worker(slots=1)
            job = asker.start(here.again, "gate")
            until(lambda: begun(here, job) == 1, "the job begins")  # noqa: B023 - it is awaited here
            until(lambda: stopped(here, hung), "a worker hangs that does not write")  # noqa: B023
            other = cast.worker(slots=1)
            until(lambda: begun(here, job) == 2, "another worker takes it over")  # noqa: B023
            here.gate.touch()
            until(lambda: asker.over(job), "the job is over")  # noqa: B023
            other.end()
            hung.signal(signal.SIGCONT)
            after = asker.start(here.again, "quick")
            until(lambda: asker.over(after), "who hung works again")  # noqa: B023
            hung.end()
            assert endings(here, job) == [Ending.LOST, Ending.FINISHED]
        with here.opened() as store:
            settled = account.settle(here, store, asker.journal)
        assert settled.wrong == []
        assert invariants.broken(here) == []
    told(f"{times} workers hung for a lease: {settled}; {len(settled.wrong)} wrong")


@pytest.mark.parametrize(("workflow", "runs"), [("once", 1), ("again", 2)])
def test_a_worker_that_is_stopped_lets_only_those_run_again_that_may(here: Place, workflow: str, runs: int) -> None:
    with Cast(here, workers=0) as cast, Asker(here, lambda: cast.url) as asker:
        stopped = cast.worker(slots=1, grace=0)
        job = asker.start(getattr(here, workflow), "gate")
        until(lambda: begun(here, job) == 1, "the job begins")
        stopped.end()
        here.gate.touch()
        cast.workers = [cast.worker(slots=1)]
        until(lambda: asker.over(job), "the job is over")
        assert begun(here, job) == runs
        assert endings(here, job) == [Ending.HANDED_BACK, Ending.FINISHED][:runs]
        with here.opened() as store:
            assert account.settle(here, store, asker.journal).wrong == []


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_jumps_takes_no_job_from_a_worker_that_lives(here: Place, tmp_path: Path, jump: int) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    with Cast(here, workers=0) as cast, Asker(here, lambda: cast.url) as asker:
        cast.workers = [cast.worker(slots=1, clock=clock), cast.worker(slots=1)]
        jobs = [asker.start(here.once, "gate"), asker.start(here.once, "gate")]
        until(lambda: all(begun(here, job) for job in jobs), "both have begun")
        leases = held_until(here)
        clock.write_text(str(jump))
        until(lambda: all(held_until(here)[job] != lease for job, lease in leases.items()), "both leases are prolonged")
        third = asker.start(here.again, "quick")
        here.gate.touch()
        until(lambda: all(asker.over(job) for job in (*jobs, third)), "all are over")
        assert [endings(here, job) for job in (*jobs, third)] == [[Ending.FINISHED]] * 3


def held_until(here: Place) -> dict[str, object]:
    with here.opened() as store:
        return {job.id: job.lease_until for job in store.turns.leased()}


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_jumps_hides_no_dead_worker(here: Place, tmp_path: Path, jump: int) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    with Cast(here, workers=0) as cast, Asker(here, lambda: cast.url) as asker:
        dead = cast.worker(slots=1)
        job = asker.start(here.again, "gate")
        until(lambda: begun(here, job) == 1, "the job begins")
        dead.kill()
        clock.write_text(str(jump))
        cast.workers = [cast.worker(slots=1, clock=clock)]
        here.gate.touch()
        until(lambda: asker.over(job), "the job is over")
        assert endings(here, job) == [Ending.LOST, Ending.FINISHED]


def test_nothing_outlives_its_job(here: Place, told: Callable[[object], None]) -> None:
    count = 200 if LONG else 6
    with Cast(here, workers=1) as cast, Asker(here, lambda: cast.url) as asker:
        jobs = [asker.start(here.again, ("fork", "desert")[number % 2]) for number in range(count)]
        until(lambda: all(asker.over(job) for job in jobs), "all are over")
        assert {asker.seen(job)["disposition"] for job in jobs} == {Disposition.SUCCESS}
        cast.end()
        until(lambda: not belonging(here), "nothing is left of them")
    told(f"{count} children that left a process behind, half of them in a session of its own: 0 of these left")


def test_a_child_that_is_killed_takes_its_own_along(here: Place) -> None:
    with Cast(here, workers=1) as cast, Asker(here, lambda: cast.url) as asker:
        job = asker.start(here.again, "hold")
        until(lambda: begun(here, job) == 1, "the job begins")
        for child in children(cast.workers[0].process.pid):
            os.kill(child, signal.SIGKILL)
        until(lambda: asker.over(job), "the job is over")
        cast.end()
        until(lambda: not belonging(here), "nothing is left of it")
