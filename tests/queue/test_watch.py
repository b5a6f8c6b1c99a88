from __future__ import annotations

import threading
import time
from pathlib import Path

from openyx.queue import Order, Queue, Watch
from openyx.store import Store
from tests.stores import opened


def test_news_from_another_connection_ends_the_wait(folder: Path, store: Store, order: Order) -> None:
    with opened(folder) as other:
        watch = Watch(store)
        threading.Timer(0.01, lambda: Queue(other).enqueue(order)).start()
        assert watch.wait(30)
        watch.wait(0)


def test_own_news_end_the_wait_too_and_are_news_once(store: Store, queue: Queue, order: Order) -> None:
    watch = Watch(store)
    queue.enqueue(order)
    assert watch.wait(30)
    assert not watch.wait(0)


def test_no_news_end_with_the_time(store: Store) -> None:
    assert not Watch(store).wait(0.01)


def test_an_event_ends_the_wait(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    assert not Watch(store).wait(30, unless=stop)
    assert time.monotonic() - began < 30
