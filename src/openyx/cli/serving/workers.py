"""The worker process beside a server: started with it, started again when it dies, ended with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from openyx.logs import Events
from openyx.settings import BLOBS, STORE
from openyx.worker.backoff import Backoff

events = Events("openyx.cli.serve")

HEALTHY = 60.0
"""Seconds; a worker that lived so long did not die of how it was started."""
ENDING = 60.0


@contextmanager
def workers(data: Path, slots: int, *, store: str = "", blobs: str = "", more: Sequence[str] = ()) -> Generator[None]:
    """Run jobs of the gallery in *data*, *slots* at a time, as long as the block runs; none with 0.

    ``store`` and ``blobs`` are where a gallery on several hosts has its database and its files, ``more`` are further
    options of the worker.

    What runs when the block ends is finished, or handed back to the queue.
    """
    if not slots:
        yield
        return
    keeper = _Keeper(data, slots, store=store, blobs=blobs, more=more)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class _Keeper:
    """Keeps one worker process alive."""

    def __init__(self, data: Path, slots: int, *, store: str, blobs: str, more: Sequence[str]) -> None:
        # Not on the command line, which all can read: a database's address may hold its password.
        shared = {STORE.variable: store, BLOBS.variable: blobs}
        self._environment = {**os.environ, **{name: value for name, value in shared.items() if value}}
        self._command = [sys.executable, "-m", "openyx.worker", "--data", str(data), "--slots", str(slots), "--tied"]
        self._command += more
        self._stopping = threading.Event()
        self._process = self._started()
        self._thread = threading.Thread(target=self._keep, name="openyx-worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._close_input()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join()

    def _started(self) -> subprocess.Popen[bytes]:
        # In a session of its own: Ctrl-C is for the server, which tells the worker by closing its input.
        return subprocess.Popen(  # noqa: S603 - our own command
            self._command, stdin=subprocess.PIPE, start_new_session=True, env=self._environment
        )

    def _close_input(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _keep(self) -> None:
        backoff = Backoff()
        while True:
            began = time.monotonic()
            status = self._process.wait()
            if self._stopping.is_set():
                return
            self._close_input()
            if time.monotonic() - began >= HEALTHY:
                backoff.well()
            pause = backoff.failed()
            events.warning("worker died, starting another", status=status, pause=pause)
            if self._stopping.wait(pause):
                return
            self._process = self._started()
            if self._stopping.is_set():
                self._close_input()
