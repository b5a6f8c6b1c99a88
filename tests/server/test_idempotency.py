"""The same request under the same key becomes one job: sent by many at the same instant, and across a server's end."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openyx.queue import Queue
from openyx.server import build_app, running
from openyx.store import JobQuery, KeyKind, State, Store
from tests.server.support import APP, Address
from tests.stores import database_of, opened

KEY = {"Idempotency-Key": "month-end-2026-11"}
EAST, WEST = ({"questions": [{"name": "Region", "value": value}]} for value in "EW")

DIES_BEFORE_IT_ANSWERS = """
import os, signal, sys
from openyx.queue import Queue
from openyx.server import app, listen, serve
from openyx.store import open_store

async def written_and_dead(*asked, **named):
    await written(*asked, **named)
    os.kill(os.getpid(), signal.SIGKILL)

written, app._App._write = app._App._write, written_and_dead
with open_store(sys.argv[1], database=sys.argv[2]) as store:
    serve(store, Queue(store), listen("127.0.0.1", 0), announce=lambda text: print(text, flush=True))
"""

ASKS = """
import sys, urllib.request
url, token, body = sys.argv[1:]
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": "k"}
print("ready", flush=True)
sys.stdin.readline()
print(urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers)).read().decode())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def hosts(folder: Path) -> Generator[list[Address]]:
    """Two servers of one gallery, each with connections of its own."""
    with ExitStack() as stack:
        stores = [stack.enter_context(opened(folder)) for _ in range(2)]
        keys = stores[0].keys.create(KeyKind.STUDIO), stores[0].keys.create(KeyKind.USER)
        http = stack.enter_context(httpx2.Client(timeout=60))
        yield [address(stack.enter_context(running(build_app(s, Queue(s)))), s, *keys, http) for s in stores]


def address(url: str, store: Store, *more: Any) -> Address:
    return Address(url, store, Queue(store), *more)


def together(count: int, ask: Callable[[int], httpx2.Response]) -> list[httpx2.Response]:
    """What each gets when all ask at the same instant."""
    gate, answers = threading.Barrier(count), list[httpx2.Response]()

    def act(number: int) -> None:
        gate.wait()
        answers.append(ask(number))

    threads = [threading.Thread(target=act, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def starter(
    hosts: list[Address], workflow: str, generation: str, bodies: list[Any]
) -> Callable[[int], httpx2.Response]:
    """Starts the workflow at one or the other of the hosts."""
    token = hosts[0].store.tokens.issue(hosts[0].user.key).text.reveal()
    path = "/webapi/v3/workflows/{}/jobs" if generation == "v3" else "/webapi/v1/workflows/{}/jobs/"
    headers = {"Authorization": f"Bearer {token}", **KEY}

    def ask(number: int) -> httpx2.Response:
        url = hosts[number % len(hosts)].url + path.format(workflow)
        return hosts[0].http.post(url, headers=headers, json=bodies[number % len(bodies)])

    return ask


@pytest.mark.parametrize("generation", ["v1", "v3"])
def test_sixteen_at_the_same_instant_get_one_job(hosts: list[Address], generation: str) -> None:
    workflow = hosts[0].publish(APP, "Regional Sales.yxwz")
    answers = together(16, starter(hosts, workflow, generation, [EAST]))
    assert [answer.status_code for answer in answers] == [200] * 16
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert hosts[0].store.jobs.count(JobQuery()) == 1


@pytest.mark.parametrize("generation", ["v1", "v3"])
def test_of_two_requests_at_the_same_instant_one_wins_and_the_other_is_told(
    hosts: list[Address], generation: str
) -> None:
    workflow = hosts[0].publish(APP, "Regional Sales.yxwz")
    # Each pair of threads is at one of the hosts, so that each host gets both bodies.
    answers = together(16, starter(hosts, workflow, generation, [EAST, EAST, WEST, WEST]))
    assert Counter(answer.status_code for answer in answers) == {200: 8, 409: 8}
    (job,) = {answer.json()["id"] for answer in answers if answer.status_code == 200}
    assert hosts[0].store.jobs.count(JobQuery()) == 1
    told = [answer.json()["message"] for answer in answers if answer.status_code == 409]
    assert all(KEY["Idempotency-Key"] in text and job in text and "new key" in text for text in told), told


def test_eight_processes_at_the_same_instant_get_one_job(hosts: list[Address]) -> None:
    workflow = hosts[0].publish(APP, "Regional Sales.yxwz")
    token = hosts[0].store.tokens.issue(hosts[0].user.key).text.reveal()
    urls = [f"{hosts[number % 2].url}/webapi/v3/workflows/{workflow}/jobs" for number in range(8)]
    asking = [
        subprocess.Popen(
            [sys.executable, "-S", "-c", ASKS, url, token, json.dumps(EAST)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for url in urls
    ]
    for process in asking:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in asking:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in asking]
    assert len({answer["id"] for answer in answers}) == hosts[0].store.jobs.count(JobQuery()) == 1


def test_the_other_family_tells_a_conflict_in_its_form(hosts: list[Address]) -> None:
    workflow = hosts[0].publish(APP, "Regional Sales.yxwz")
    path = f"/gallery/api/v1/workflows/{workflow}/jobs/"
    assert hosts[0].signed("POST", path, json=EAST, headers=KEY).status_code == 200
    refused = hosts[1].signed("POST", path, json=WEST, headers=KEY)
    assert (refused.status_code, refused.json()["exceptionName"]) == (409, "ConflictException")


def test_a_server_that_dies_between_keeping_and_answering_leaves_one_job(folder: Path, hosts: list[Address]) -> None:
    here = hosts[0]
    workflow = here.publish(APP, "Regional Sales.yxwz")
    command = [sys.executable, "-c", DIES_BEFORE_IT_ANSWERS, str(folder), database_of(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as dying:
        assert dying.stdout
        url = dying.stdout.readline().split()[-1]
        with pytest.raises(httpx2.TransportError):
            starter([Address(url, here.store, here.queue, here.studio, here.user, here.http)], workflow, "v3", [EAST])(
                0
            )
        assert dying.wait(60) == -9
    (kept,) = here.store.jobs.list(JobQuery())
    assert kept.state is State.QUEUED
    again = starter(hosts, workflow, "v3", [EAST, WEST])
    assert [again(0).json()["id"], again(1).status_code] == [kept.id, 409]
    assert here.store.jobs.count(JobQuery()) == 1
