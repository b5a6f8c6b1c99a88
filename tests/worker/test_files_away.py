"""Files that are away when a run has ended are waited for: what it made is kept when they are back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import openyx.worker.account
from openyx.errors import AskedWrongly
from openyx.queue import Queue
from openyx.store import Blob, Disposition, Job, State, Store
from openyx.worker.worker import Worker
from tests.stores import path_of

Start = Callable[..., Job]
Until = Callable[[str, Callable[[Job], bool]], Job]
Working = Callable[..., AbstractContextManager[Worker]]


class Away:
    """The mark of the files goes when the first output is to be kept, and comes back at a later try, or never."""

    def __init__(self, store: Store, *, back_at: int = 0) -> None:
        self.tries = 0
        self.tried = threading.Event()
        self._adopt = store.blobs.adopt
        self._mark = store.folder.blobs / ".gallery"
        self._text = self._mark.read_text()
        self._back_at = back_at

    def adopt(self, file: Path) -> Blob:
        """As the blobs do."""
        self.tries += 1
        if self.tries == 1:
            self._mark.unlink()
        if self.tries == self._back_at:
            self._mark.write_text(self._text)
        if self.tries > 1:
            self.tried.set()
        return self._adopt(file)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openyx.worker.account, "_PAUSE", 0.01)


def test_what_a_run_made_is_kept_when_they_are_back(
    store: Store, start: Start, until: Until, working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, away = start("succeed"), Away(store, back_at=4)
    monkeypatch.setattr(store.blobs, "adopt", away.adopt)
    with working():
        over = until(job.id, lambda job: job.over)
    assert (over.state, over.disposition, over.attempt) == (State.FINISHED, Disposition.SUCCESS, 1)
    outputs = store.outputs.of(job.id)
    assert [path_of(store.blobs, output.digest).read_text() for output in outputs] == [
        "a,b\na.csv,1\n",
        "a,b\nb.csv,1\n",
    ]
    assert away.tries == 5


def test_a_job_that_is_cancelled_meanwhile_waits_no_longer(
    store: Store,
    queue: Queue,
    start: Start,
    until: Until,
    working: Working,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job, away = start("succeed"), Away(store)
    monkeypatch.setattr(store.blobs, "adopt", away.adopt)
    with working():
        assert away.tried.wait(60)
        queue.cancel(job.id, by=store.users.owner())
        over = until(job.id, lambda job: job.over)
    assert over.state is State.CANCELLED
    assert store.outputs.of(job.id) == []


def test_what_an_output_cannot_be_kept_for_ends_the_job_with_its_words(
    store: Store, start: Start, until: Until, working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> Blob:
        raise AskedWrongly("this file system does not say when a file was written")

    job = start("succeed")
    monkeypatch.setattr(store.blobs, "adopt", refused)
    with working():
        over = until(job.id, lambda job: job.over)
    assert (over.state, over.disposition) == (State.FINISHED, Disposition.ERROR)
    texts = [message.text for message in store.messages.of(job.id)]
    assert "An output could not be kept: this file system does not say when a file was written" in texts


def test_a_worker_that_has_no_time_to_wait_hands_the_job_back(
    store: Store, start: Start, working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, away = start("succeed"), Away(store)
    monkeypatch.setattr(store.blobs, "adopt", away.adopt)
    with working():
        assert away.tried.wait(60)
    assert store.jobs.find(job.id).state is State.QUEUED
    assert store.outputs.of(job.id) == []
