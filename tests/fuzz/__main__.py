"""Try many bad inputs: ``python -m tests.fuzz 100000 --seed 7 --processes 2``, or one that was saved: its file."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.fuzz import trial
from tests.fuzz.crew import Plan, Tally, campaign

FOUND = Path("fuzz-found")


def main() -> int:
    """Print inputs, crashes and hangs; the first of these ends it, unless all are wanted. 0: there were none.

    What was tried until then is told when it is interrupted, too.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("what", help="how many inputs, or a file that holds one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="the number of the first input")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", action="append", default=[], choices=trial.SORTS, help="inputs of this sort")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first crash")
    given = parser.parse_args()
    if not given.what.isdigit():
        return _again(Path(given.what))
    numbers = range(given.start, given.start + int(given.what))
    return _many(Plan(given.seed, tuple(given.only)), numbers, given.processes, go_on=given.go_on)


def _many(plan: Plan, numbers: range, processes: int, *, go_on: bool) -> int:
    started, tally, crashes, hangs = time.monotonic(), Tally(), 0, 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        for found in campaign(plan, numbers, processes, tally):
            crashes, hangs = crashes + (not found.hung), hangs + found.hung
            print(f"\n{_saved(plan, found.number)}: {found.what}", flush=True)
            if not go_on:
                break
    tried, seconds = tally.seen.total() + crashes + hangs, time.monotonic() - started
    print("\n".join(f"{count:8,} {how}" for how, count in sorted(tally.seen.items())))
    memory = ", ".join(f"{warm} to {end} MB" for warm, end in tally.memory) or "memory unknown"
    print(
        f"{tried:,} inputs, {crashes} crashes, {hangs} hangs, {memory}, {seconds:.0f} seconds, seed {plan.seed}",
        flush=True,
    )
    return 1 if crashes or hangs else 0


def _saved(plan: Plan, number: int) -> Path:
    sort = plan.sort_of(number)
    path = FOUND / f"{sort}-{plan.seed}-{number}{trial.SORTS[sort].ending}"
    FOUND.mkdir(exist_ok=True)
    path.write_bytes(trial.made(sort, plan.seed, number))
    return path


def _again(path: Path) -> int:
    sort = next(each for each in trial.SORTS.values() if each.ending == path.suffix)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        print(trial.tried(sort, path.read_bytes(), trial.Place.made(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
