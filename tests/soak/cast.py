"""Who acts in a trial: a server and workers as processes, and their children; each can be killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.soak.place import PATIENCE, Place

ROOT = Path(__file__).parent.parent.parent
SLOTS = 2
LEASE = 2.0


class Actor:
    """A process that ends with its parent; what it logs is a file."""

    def __init__(self, command: Sequence[str | Path], log: Path) -> None:
        self.log = log
        self._out = log.with_suffix(".out")
        with log.open("wb") as errors, self._out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, *map(str, command)],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=errors,
                cwd=ROOT,
            )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and gone when this returns."""
        self.process.kill()
        self.wait()

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.terminate()
        self.wait()

    def wait(self) -> int:
        status = self.process.wait(PATIENCE)
        if self.process.stdin:
            self.process.stdin.close()
        return status

    def said(self) -> str:
        """What it printed."""
        return self._out.read_text()

    def events(self) -> Iterator[dict[str, Any]]:
        """What it logged; the last line of one that was killed may be torn."""
        for line in self.log.read_text(errors="replace").splitlines():
            with suppress(ValueError):
                yield json.loads(line)

    def logged(self, event: str) -> bool:
        """Whether it has logged such an event."""
        return any(each.get("event") == event for each in self.events())


class Cast:
    """A server without workers and some workers beside it, two slots each, on a place."""

    def __init__(self, place: Place, *, workers: int = 2, lease: float = LEASE, logs: Path | None = None) -> None:
        self.place = place
        self._lease = lease
        self._logs = logs or place.data.parent / "logs"
        self._logs.mkdir(exist_ok=True)
        self._numbers = count(1)
        self.all: list[Actor] = []
        self.server = self._server()
        self.workers = [self.worker() for _ in range(workers)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for actor in self.all:
            actor.signal(signal.SIGCONT)
            actor.kill()

    @property
    def url(self) -> str:
        """Where the server listens, empty while it starts."""
        line, newline, _ = self.server.said().partition("\n")
        return json.loads(line)["url"].removesuffix("/gallery/") if newline else ""

    def listens(self) -> bool:
        """Whether the server listens; AssertionError when somebody has ended by himself."""
        for actor in (self.server, *self.workers):
            assert actor.alive, f"who was not told to has ended: {actor.log.read_text()[-2000:]}"
        return bool(self.url)

    def works(self) -> bool:
        """Whether all have begun: the server listens, and the workers have found their gallery."""
        return self.listens() and all(worker.logged("worker ready") for worker in self.workers)

    def restart_server(self) -> None:
        self.server = self._server()

    def worker(
        self, *, engine: bool = False, slots: int = SLOTS, clock: Path | None = None, grace: float = 10.0
    ) -> Actor:
        """A worker whose children are the program of the trial, or the engine."""
        place = self.place
        more: list[str | Path] = ["--slots", str(slots), "--lease", str(self._lease), "--grace", str(grace)]
        if engine:
            database = ["--store", place.database] if place.database else []
            return self._act(["-m", "openyx.worker", "--data", place.data, "--tied", *more, *database])
        more += ["--database", place.database]
        if clock:
            more += ["--clock", clock]
        return self._act(["-m", "tests.soak.worker", place.data, place.notes, place.gate, *more])

    def end(self) -> None:
        """End all: the workers first."""
        for actor in (*self.workers, self.server):
            actor.signal(signal.SIGTERM)
        for actor in (*self.workers, self.server):
            actor.wait()

    def _server(self) -> Actor:
        shared = ["--store", self.place.database] if self.place.database else []
        command = ["-m", "openyx", "serve", "--json", "--port", "0", "--workers", "0", "--tied", *shared]
        return self._act([*command, "--data", self.place.data])

    def _act(self, command: Sequence[str | Path]) -> Actor:
        actor = Actor(command, self._logs / f"{next(self._numbers)}.log")
        self.all.append(actor)
        return actor


def children(pid: int) -> list[int]:
    """The children of a process."""
    with suppress(FileNotFoundError, ProcessLookupError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return []


def inside(folder: Path) -> list[int]:
    """The processes that run in a folder or below it, or name it on their command line."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                place = str((entry / "cwd").readlink())
                if place.startswith(f"{folder}/") or os.fsencode(folder) in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def belonging(place: Place) -> list[int]:
    """The processes that run in a gallery, or name it or its notes on their command line."""
    return [pid for folder in (place.data, place.notes) for pid in inside(folder)]


def until(condition: Callable[[], object], what: str, *, patience: float = PATIENCE) -> None:
    """Wait until something is so; AssertionError after a time in which anything should have happened."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"not in {patience:.0f} seconds: {what}"
        time.sleep(0.02)
