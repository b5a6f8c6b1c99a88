"""Many at once, from threads and from processes, and what is left after a kill."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from openyx.errors import Conflict
from openyx.queue import Order, Queue
from openyx.store import JobQuery, State, Store, open_store
from tests.stores import database_of

PREAMBLE = """
import sys
from openyx.queue import Order, Queue
from openyx.store import open_store
store = open_store(sys.argv[1], database=sys.argv.pop())
queue = Queue(store)
print("ready", flush=True)
sys.stdin.readline()
"""

CLAIM_ALL = """
while job := queue.claim(sys.argv[2]):
    print(job.id)
"""

ENQUEUE_SAME = """
order = Order(workflow_id=sys.argv[2], user_id=sys.argv[3], answers={})
for number in range(20):
    print(queue.enqueue(order, idempotency_key=str(number)).id)
"""

ENQUEUE_AND_HANG = """
order = Order(workflow_id=sys.argv[2], user_id=sys.argv[3], answers={})
print(queue.enqueue(order).id, flush=True)
sys.stdin.readline()
"""


def spawn(script: str, *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + script, *arguments, database_of(Path(arguments[0]))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def go(processes: list[subprocess.Popen[str]]) -> list[list[str]]:
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate()[0].split() for process in processes]


def together(count: int, act: Callable[[int], None]) -> None:
    gate = threading.Barrier(count)

    def wait_and_act(number: int) -> None:
        gate.wait()
        act(number)

    threads = [threading.Thread(target=wait_and_act, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_each_job_is_claimed_by_exactly_one_of_many_threads(queue: Queue, order: Order) -> None:
    jobs = [queue.enqueue(order).id for _ in range(60)]
    taken: list[str] = []

    def claim(number: int) -> None:
        while job := queue.claim(f"w{number}"):
            taken.append(job.id)

    together(12, claim)
    assert sorted(taken) == sorted(jobs)


def test_each_job_is_claimed_by_exactly_one_of_many_processes(folder: Path, queue: Queue, order: Order) -> None:
    jobs = [queue.enqueue(order).id for _ in range(60)]
    claims = go([spawn(CLAIM_ALL, str(folder), f"w{number}") for number in range(4)])
    assert sorted(job for taken in claims for job in taken) == sorted(jobs)


def test_one_idempotency_key_makes_one_job_however_many_threads_ask(queue: Queue, store: Store, order: Order) -> None:
    ids: list[str] = []
    together(16, lambda _: ids.append(queue.enqueue(order, idempotency_key="k").id))
    assert len(ids) == 16
    assert len(set(ids)) == store.jobs.count(JobQuery()) == 1


def test_one_idempotency_key_makes_one_job_however_many_processes_ask(folder: Path, store: Store, order: Order) -> None:
    arguments = (str(folder), order.workflow_id, order.user_id)
    answers = go([spawn(ENQUEUE_SAME, *arguments) for _ in range(4)])
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert len(set(answers[0])) == store.jobs.count(JobQuery()) == 20


def test_of_two_different_orders_under_one_key_one_wins(queue: Queue, store: Store, order: Order) -> None:
    outcomes: Counter[str] = Counter()

    def ask(number: int) -> None:
        try:
            queue.enqueue(replace(order, answers={"n": str(number)}), idempotency_key="k")
            outcomes["job"] += 1
        except Conflict:
            outcomes["conflict"] += 1

    together(8, ask)
    assert outcomes == {"job": 1, "conflict": 7}
    assert store.jobs.count(JobQuery()) == 1


def test_an_answered_job_survives_the_kill_of_the_process_that_answered(
    folder: Path, store: Store, order: Order
) -> None:
    process = spawn(ENQUEUE_AND_HANG, str(folder), order.workflow_id, order.user_id)
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    answered = process.stdout.readline().strip()
    process.kill()
    process.communicate()
    assert store.jobs.find(answered).state is State.QUEUED


@pytest.mark.sqlite
def test_a_copy_of_the_folder_as_it_lies_on_disk_holds_what_was_answered(
    folder: Path, queue: Queue, order: Order, tmp_path: Path
) -> None:
    job = queue.enqueue(order)
    shutil.copytree(folder, tmp_path / "copy")
    with open_store(tmp_path / "copy") as copy:
        assert copy.jobs.find(job.id) == job
