"""Watches a job while it runs: its time, its memory, what it writes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from openyx.logs import Events
from openyx.worker.belonging import memory
from openyx.worker.limits import Limits

log = Events("openyx.worker")

_PAUSE = 0.2
_SHARE = 20
"""A look may take one part in so many of the time."""


class Guard:
    """Watches the job of a child in a folder, as long as a block runs; ``exceeded`` is told once what was too much.

    What lies in the folder when it begins is not what the job has written.
    """

    def __init__(self, folder: Path, limits: Limits, exceeded: Callable[[str], None]) -> None:
        self._folder = folder
        self._limits = limits
        self._exceeded = exceeded
        self._before = size_of(folder) if limits.output is not None else 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"guard-{folder.name}", daemon=True)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        if self._limits != Limits():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def too_much(self) -> str:
        """What is said where the job has written too much; nothing where it has not."""
        most = self._limits.output
        return self._limits.too_much if most is not None and size_of(self._folder) - self._before > most else ""

    def _watch(self) -> None:
        pause, troubled = 0.0, False
        while not self._over.wait(pause):
            began = time.monotonic()
            try:
                found = self._found()
            except Exception as error:  # noqa: BLE001 - the edge of the thread: a run that nobody watches has no limits
                if not troubled:
                    log.failure("a run cannot be watched", error, folder=str(self._folder))
                found, troubled = "", True
            if found:
                self._exceeded(found)
                return
            pause = max(_PAUSE, _SHARE * (time.monotonic() - began))

    def _found(self) -> str:
        limits = self._limits
        if limits.time is not None and time.monotonic() - self._began > limits.time:
            return limits.too_long
        if limits.memory is not None and memory(self._folder) > limits.memory:
            return limits.too_big
        return self.too_much


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder and below; what is gone meanwhile, or shut, does not count."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 - many files, often
            except OSError:
                continue
    return total
