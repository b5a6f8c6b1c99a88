"""A worker as a process of its own, as ``python -m openyx.worker`` is, whose children run a program of the trial."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

from openyx.logs import show_logs
from openyx.queue import Queue
from openyx.store import open_store, utc_now
from openyx.worker.parent import when_parent_is_gone
from openyx.worker.worker import Worker

PROGRAM = Path(__file__).parent / "program.py"


def main() -> None:
    """Work until SIGTERM, or until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("notes", type=Path)
    parser.add_argument("gate", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--lease", type=float, default=2.0)
    parser.add_argument("--grace", type=float, default=10.0)
    parser.add_argument("--clock", type=Path, help="a file that says how many seconds its clock is ahead")
    given = parser.parse_args()

    def clock() -> datetime:
        ahead = float(given.clock.read_text()) if given.clock else 0.0
        return utc_now() + timedelta(seconds=ahead)

    show_logs()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    when_parent_is_gone(stop.set)
    program = (sys.executable, "-S", str(PROGRAM), str(given.notes), str(given.gate))
    with open_store(given.data, database=given.database, clock=clock, sealed=False) as store:
        queue = Queue(store, lease=timedelta(seconds=given.lease))
        Worker(store, queue=queue, slots=given.slots, program=program, grace=given.grace).work(stop)


if __name__ == "__main__":
    main()
