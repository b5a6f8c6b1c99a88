"""Loss of power, imitated: at each answer of a watched gallery, what it answers for is sought in what was synced."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, cast

from openyx.errors import OpenYXError
from openyx.store import State, Store, open_store
from tests.soak import invariants
from tests.soak.calls import Called, called, watching
from tests.soak.cast import ROOT, until
from tests.soak.disk import Disk
from tests.soak.place import PATIENCE, WORKFLOW, Place, place
from tests.soak.placing import Asker
from tests.stores import path_of

_BOTH = """
import json, subprocess, sys
both = [subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE) for command in json.loads(sys.argv[1])]
sys.stdin.read()
for each in reversed(both):
    each.terminate()
    each.wait()
"""
_CLIENTS = 4
_STATES = {"Completed": State.FINISHED, "Cancelled": State.CANCELLED}


@dataclass(slots=True)
class Losses:
    """How it went; ``wrong`` is empty when nothing was lost that had been answered."""

    seed: int
    answers: int = 0
    losses: int = 0
    syncs: int = 0
    jobs: int = 0
    ends: int = 0
    uploads: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        return (
            f"{self.losses:,} losses of power at {self.answers:,} answers, {self.syncs:,} syncs, seed {self.seed}: "
            f"{self.jobs:,} queued jobs, {self.ends:,} ends with their outputs and {self.uploads:,} uploads that had "
            f"been answered were sought; {len(self.wrong)} wrong"
        )


def lose_power(folder: Path, *, jobs: int, seed: int, ways: int = 2) -> Losses:
    """Run a gallery under watch, then lose its power at each answer: what was not synced is gone, or some of it is."""
    with place(folder / "live") as here:
        disk, log = Disk(here.data), folder / "calls"
        with _watched(here, log) as url, ThreadPoolExecutor(_CLIENTS) as clients:
            for asked in [clients.submit(_ask, here, url, number, jobs // _CLIENTS) for number in range(_CLIENTS)]:
                asked.result()
        return _judged(disk, here, log, folder, seed, ways)


def make_a_key(folder: Path) -> list[str]:
    """Make a gallery under watch, and lose the power when its first key is told; what is wrong then."""
    parent, log = folder / "parent", folder / "calls"
    parent.mkdir()
    disk = Disk(parent)
    command = [sys.executable, "-m", "openyx", "keys", "create", "--json", "--data", str(parent / "new" / "data")]
    said = subprocess.run([*watching(log), *command], cwd=ROOT, capture_output=True, check=True).stdout
    key = json.loads(said)["key"]
    for call in called(log):
        if call.name == "write" and any(key.encode() in text for text in call.texts) and call.numbers[0] == 1:
            disk.lose_power(folder / "after")
            with open_store(folder / "after" / "new" / "data") as store:
                return [] if store.keys.valid(key) else ["the key is gone"]
        disk.follow(call)
    return ["the key was not told"]


@contextmanager
def _watched(here: Place, log: Path) -> Generator[str]:
    """Server and worker as one watched tree of processes; where the server listens."""
    serve = ["-m", "openyx", "serve", "--json", "--port", "0", "--workers", "0", "--data", str(here.data)]
    work = ["-m", "tests.soak.worker", str(here.data), str(here.notes), str(here.gate), "--slots", "1"]
    command = [*watching(log), sys.executable, "-c", _BOTH, json.dumps([serve, work])]
    out = log.with_suffix(".out")
    with out.open("wb") as said, log.with_suffix(".log").open("wb") as logged:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=logged, cwd=ROOT)
    with process:
        try:
            until(lambda: "\n" in out.read_text() or process.poll() is not None, "the watched server listens")
            yield json.loads(out.read_text())["url"].removesuffix("/gallery/")
        finally:
            process.communicate(timeout=PATIENCE)


def _ask(here: Place, url: str, client: int, jobs: int) -> None:
    """Start jobs of which some fail and some are cancelled, publish now and then, and see each to its end."""
    with Asker(here, lambda: url) as asker:
        _asked(asker, here, [client * jobs + number for number in range(jobs)])


def _asked(asker: Asker, here: Place, numbers: list[int]) -> None:
    started: list[str] = []
    for number in numbers:
        started.append(asker.start(here.again, "fail" if number % 5 == 3 else "quick", key=f"key {number}"))
        if number % 4 == 2:
            asker.ask("DELETE", f"/webapi/v3/jobs/{started[-1]}")
        if number % 4 == 3:
            content = WORKFLOW + f"<!-- {number} -->".encode()
            answer = asker.ask(
                "POST",
                "/webapi/v3/workflows",
                files={"file": (f"{number}.yxwz", content)},
                data={"name": f"Upload {number}"},
            )
            assert answer.status_code == 200, answer.text
    until(lambda: all(asker.over(job) for job in started), "all jobs are over")


@dataclass(frozen=True, slots=True)
class _Told:
    """Something that an answer has told: a workflow or a job by its id, and how it stands."""

    id: str
    status: str
    outputs: int


def _judged(disk: Disk, here: Place, log: Path, folder: Path, seed: int, ways: int) -> Losses:
    losses, random, seen = Losses(seed), Random(seed), set[_Told]()
    for call in called(log):
        new = set(_told(call)) - seen
        if new:
            seen |= new
            losses.answers += 1
            for way in range(ways):
                losses.losses += 1
                _lose(losses, disk, here, folder / "after", seen, random if way else None)
        disk.follow(call)
    losses.syncs = disk.syncs
    losses.jobs = len({told.id for told in seen if told.status})
    losses.ends = sum(told.status in _STATES for told in seen)
    losses.uploads = sum(not told.status for told in seen)
    return losses


def _told(call: Called) -> Iterator[_Told]:
    """What is told by what a call sends."""
    for text in call.texts if call.name in ("sendto", "sendmsg") else ():
        head, _, body = text.rpartition(b"\r\n\r\n")
        if head and not head.startswith(b"HTTP/1.1 200"):
            continue
        try:
            answer: Any = json.loads(body)
        except ValueError:
            continue
        if isinstance(answer, str):
            yield _Told(answer, "", 0)
        elif isinstance(answer, dict) and "disposition" in answer:
            job = cast("dict[str, Any]", answer)
            yield _Told(job["id"], job["status"], len(job["outputs"]))


def _lose(losses: Losses, disk: Disk, here: Place, after: Path, seen: set[_Told], random: Random | None) -> None:
    """Lose the power once, and open what is left as a gallery."""
    shutil.rmtree(after, ignore_errors=True)
    disk.lose_power(after, random)
    try:
        with open_store(after) as store:
            wrong = [text for told in seen for text in _missing(store, told)]
        wrong += invariants.broken(replace(here, data=after))
    except (OpenYXError, OSError) as error:
        wrong = [f"it is no gallery any more: {error}"]
    losses.wrong += [f"loss {losses.losses}: {text}" for text in wrong]


def _missing(store: Store, told: _Told) -> Iterator[str]:
    """What is not there of what was told."""
    try:
        if not told.status:
            digests = [store.workflows.find(told.id).version.digest]
        else:
            job = store.jobs.find(told.id)
            digests = [output.digest for output in store.outputs.of(told.id)]
            if told.status in _STATES and (job.state, len(digests)) != (_STATES[told.status], told.outputs):
                yield f"{told} was answered, there is {job}"
        for digest in digests:
            if hashlib.sha256(path_of(store.blobs, digest).read_bytes()).hexdigest() != digest:
                yield f"{told} was answered, its file is damaged"
    except OpenYXError as error:
        yield f"{told} was answered: {error}"
