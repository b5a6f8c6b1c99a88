"""Several processes that try inputs, watched from outside: one that dies or hangs tells by what input."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from tests.fuzz import gallery, trial

PATIENCE = 120.0
ENOUGH = 20.0
"""Seconds after which an input counts as a hang: by the clock, and of the processor's time."""

WARM = 1_000
"""Inputs after which a process is as large as it should be."""

_SHARES = (*["formulas"] * 14, *["documents"] * 2, *["settings"] * 2, *["lines"] * 2, *["requests"] * 9, "raw")


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one input that may not come; ``hung`` where nothing came at all."""

    number: int
    what: str
    hung: bool = False


@dataclass(slots=True)
class Worker:
    """A process and what it is at: an input's number, and since when."""

    process: Any
    pipe: Connection
    numbers: range
    at: int = -1
    since: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which inputs are tried: a seed, and sorts of which there are none but the ones named, if any are."""

    seed: int
    only: tuple[str, ...] = ()

    def sort_of(self, number: int) -> str:
        """The sort of the input with that number."""
        shares = [each for each in _SHARES if each in self.only or not self.only]
        return shares[number % len(shares)]


@dataclass(slots=True)
class Tally:
    """How inputs ended, and the megabytes of each process: when it was warm, and at its end."""

    seen: Counter[str] = field(default_factory=Counter[str])
    memory: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


def campaign(plan: Plan, numbers: range, processes: int, tally: Tally) -> Iterator[Found]:
    """Try the inputs of these numbers and give what was found; *tally* is kept meanwhile.

    A process that dies or hangs is followed by another one, behind the input that did it.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    workers = [_started(plan, numbers[place::processes]) for place in range(processes)]
    try:
        while workers:
            ready = set(wait([each.pipe for each in workers], timeout=1.0))
            for worker in list(workers):
                found = _heard(worker, tally) if worker.pipe in ready else _silent(worker)
                if found is not None:
                    yield found
                if found is not None and not worker.process.is_alive():
                    workers[workers.index(worker)] = _started(plan, _behind(worker))
                elif worker.at == worker.numbers.stop:
                    worker.process.join()
                    workers.remove(worker)
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.join()


def _started(plan: Plan, numbers: range) -> Worker:
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_work, args=(plan, numbers, there), daemon=True)
    process.start()
    there.close()
    return Worker(process, here, numbers)


def _behind(worker: Worker) -> range:
    return range(worker.at + worker.numbers.step, worker.numbers.stop, worker.numbers.step)


def _heard(worker: Worker, tally: Tally) -> Found | None:
    try:
        said: Sequence[Any] = worker.pipe.recv()
    except EOFError:
        worker.process.join()
        return Found(worker.at, f"the process died ({worker.process.exitcode})")
    word, number, what = said
    worker.at, worker.since = number, time.monotonic()
    if word == "ended":
        tally.seen[what] += 1
    elif word == "memory":
        tally.memory.append(what)
    return Found(number, what) if word == "misbehaved" else None


def _silent(worker: Worker) -> Found | None:
    if time.monotonic() - worker.since < PATIENCE or worker.at < 0:
        return None
    worker.process.kill()
    worker.process.join()
    return Found(worker.at, f"nothing came for {PATIENCE:.0f} seconds", hung=True)


def _work(plan: Plan, numbers: range, pipe: Connection) -> None:
    warm = 0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, tempfile.TemporaryFile() as errors:
        os.dup2(errors.fileno(), 2)  # a panic of the data engine is told there, whoever catches it
        place = trial.Place.made(Path(folder))
        for number in numbers:
            pipe.send(("begins", number, ""))
            pipe.send(_outcome(plan, number, place))
            if number == numbers[min(WARM, len(numbers) - 1)]:
                warm = _resident()
            if errors.seek(0, os.SEEK_END):
                errors.seek(0)
                told = errors.read().decode(errors="replace")
                errors.truncate(0)
                if "panicked" in told:
                    pipe.send(("misbehaved", number, told))
        gallery.close_all()
        pipe.send(("memory", numbers.stop, (warm, _resident())))
    pipe.send(("begins", numbers.stop, ""))


def _resident() -> int:
    """Megabytes of memory that this process holds; the most that it held where that is all that can be known."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)


def _outcome(plan: Plan, number: int, place: trial.Place) -> tuple[str, int, str]:
    sort, started = plan.sort_of(number), time.process_time()
    try:
        ended = trial.tried(trial.SORTS[sort], trial.made(sort, plan.seed, number), place)
    except BaseException:  # noqa: BLE001 - a panic of the data engine is no Exception
        return "misbehaved", number, traceback.format_exc()
    seconds = time.process_time() - started
    if seconds > ENOUGH:
        return "misbehaved", number, f"it took {seconds:.0f} seconds"
    return "ended", number, f"{sort}: {ended}"
