"""Many jobs and one slot, many clients and one server."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from openyx.queue import Order, Queue
from openyx.store import Disposition, Job, Priority, Store
from tests.soak import account
from tests.soak.cast import Cast, until
from tests.soak.clients import Clients
from tests.soak.length import LONG
from tests.soak.place import Place
from tests.soak.placing import Asker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what only Linux tells of processes")


def enqueued(store: Store, here: Place, count: int, random: Random) -> list[Job]:
    """Jobs of all priorities, as they came."""
    queue, user = Queue(store), store.users.owner().id
    orders = (
        Order(workflow_id=here.again, user_id=user, answers={"do": "quick"}, priority=random.choice(list(Priority)))
        for _ in range(count)
    )
    return [queue.enqueue(order) for order in orders]


def turns(jobs: list[Job]) -> list[str]:
    """The order in which it is their turn: by priority, then by age."""
    return [job.id for job in sorted(jobs, key=lambda job: -job.priority)]


def test_many_jobs_and_one_slot_run_in_their_order(here: Place, told: Callable[[object], None]) -> None:
    count, by_worker, random = (10_000, 500, Random(3)) if LONG else (300, 15, Random(3))
    with here.opened() as store:
        jobs = enqueued(store, here, count, random)
        with Cast(here, workers=0) as cast, Asker(here, lambda: cast.url) as asker:
            worker = cast.worker(slots=1)
            until(lambda: len(account.noted(here.notes)) >= by_worker, "a worker runs some")
            worker.end()
            assert asker.journal.wrong == []
        ran = list(account.noted(here.notes))
        claimed, took = claim_all(store)
    # The worker may have claimed one more, and handed it back.
    assert ran + [job for job in claimed if job not in ran] == turns(jobs)
    assert len(claimed) >= count - len(ran)
    first, last = (statistics.median(part) * 1000 for part in (took[:100], took[-100:]))
    told(
        f"{count:,} jobs and one slot: in order, {len(ran):,} by a worker; a claim took {first:.1f} ms (median) "
        f"with most of them waiting, {last:.1f} ms with few"
    )


def claim_all(store: Store) -> tuple[list[str], list[float]]:
    """Claim and finish one by one; which in order, and how many seconds each claim took."""
    queue, claimed, took = Queue(store), list[str](), list[float]()
    while True:
        before = time.perf_counter()
        job = queue.claim("one")
        took.append(time.perf_counter() - before)
        if job is None:
            return claimed, took
        claimed.append(job.id)
        queue.finish(queue.start(job), Disposition.SUCCESS)


def memory(pid: int) -> float:
    """The megabytes of memory that a process holds."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def test_64_clients_get_answers_all_the_time(here: Place, told: Callable[[object], None]) -> None:
    answers, seconds = (0, 600.0) if LONG else (1000, 0.0)
    with Cast(here) as cast:
        until(cast.listens, "the server listens")
        held: list[float] = []
        began = time.monotonic()

        def enough() -> bool:
            total = clients.journal.statuses.total()
            if total >= 500:
                held.append(memory(cast.server.process.pid))
            return cast.listens() and total >= answers and time.monotonic() - began >= seconds

        with Clients(here, lambda: cast.url, seed=4, count=64) as clients:
            until(enough, "they have asked enough", patience=2000)
        journal = clients.journal
        took = time.monotonic() - began
    assert journal.wrong == []
    middle = len(held) // 2
    told(
        f"64 clients for {took:.0f} s: {journal.statuses.total():,} answers, {journal.statuses[200]:,} of them 200, "
        f"{len(journal.wrong)} wrong; the server held {held[0]:.0f} MB at first, {held[middle]:.0f} MB in the middle, "
        f"{held[-1]:.0f} MB at last, {max(held):.0f} MB at most"
    )
