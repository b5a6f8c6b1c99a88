"""A worker's line in the store's table of workers: put down at the start, kept fresh, taken away at the end."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from openyx.logs import Events
from openyx.store import Store, WorkerRecord

log = Events("openyx.worker")

FORGOTTEN = timedelta(days=1)
"""How long a worker that ended without a word is remembered."""


class Presence:
    """Tells others of a worker; nothing depends on it but what people see."""

    def __init__(self, store: Store, *, name: str, slots: int) -> None:
        self._store = store
        now = store.clock()
        self._record = WorkerRecord(
            name=name, host=socket.gethostname(), pid=os.getpid(), slots=slots, started_at=now, heartbeat_at=now
        )

    @contextmanager
    def told(self) -> Generator[None]:
        """It is there while the block runs; where that cannot be written down it runs all the same."""
        with self._trying():
            self.beat()
        try:
            yield
        finally:
            with self._trying():
                self._store.workers.forget(self._record.name)

    def beat(self) -> None:
        """It lives; those that were silent for a day are forgotten."""
        now = self._store.clock()
        with self._store.transaction(durable=False):
            self._store.workers.beat(replace(self._record, heartbeat_at=now))
            self._store.workers.forget_silent(before=now - FORGOTTEN)

    @contextmanager
    def _trying(self) -> Generator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the edge of the process: a full disk is no reason to run no jobs
            log.failure("worker not written down", error, worker=self._record.name)
