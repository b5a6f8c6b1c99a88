from __future__ import annotations

import threading
from collections.abc import Callable

from openyx.store import Store


def test_the_same_three_are_refused_within_a_quarter_of_an_hour(store: Store, advance: Callable[..., None]) -> None:
    assert store.nonces.use("key", "1700000000", "ab12c")
    advance(minutes=15)
    assert not store.nonces.use("key", "1700000000", "ab12c")
    advance(milliseconds=1)
    assert store.nonces.use("key", "1700000000", "ab12c")


def test_another_key_time_or_nonce_is_another_request(store: Store) -> None:
    assert store.nonces.use("key", "1700000000", "ab12c")
    assert store.nonces.use("key2", "1700000000", "ab12c")
    assert store.nonces.use("key", "1700000001", "ab12c")
    assert store.nonces.use("key", "1700000000", "ab12d")


def test_of_many_at_once_one_is_the_first(store: Store) -> None:
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda: answers.append(store.nonces.use("k", "1", "n"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 15 + [True]
