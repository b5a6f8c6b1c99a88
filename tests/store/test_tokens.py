from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from openyx.store import KeyKind, NewKey, Store


def key(store: Store) -> NewKey:
    return store.keys.create(KeyKind.USER)


def test_a_token_leads_to_its_key(store: Store) -> None:
    made = key(store)
    token = store.tokens.issue(made.key)
    assert store.tokens.holder(token.text.reveal()) == made.key
    assert store.tokens.holder(token.text.reveal() + "x") is None


def test_a_token_ends_after_an_hour(store: Store, advance: Callable[..., None]) -> None:
    token = store.tokens.issue(key(store).key)
    assert token.expires_at - store.clock() == token.lifetime == timedelta(hours=1)
    advance(minutes=59, seconds=59)
    assert store.tokens.holder(token.text.reveal())
    advance(seconds=1)
    assert store.tokens.holder(token.text.reveal()) is None


def test_a_revoked_keys_tokens_end_at_once(store: Store) -> None:
    made, other = key(store), key(store)
    tokens = [store.tokens.issue(made.key) for _ in range(2)]
    kept = store.tokens.issue(other.key)
    store.keys.revoke(made.key.key)
    assert [store.tokens.holder(token.text.reveal()) for token in tokens] == [None, None]
    assert store.tokens.holder(kept.text.reveal()) == other.key


def test_tokens_that_are_over_are_forgotten(store: Store, advance: Callable[..., None]) -> None:
    made = key(store)
    for _ in range(3):
        store.tokens.issue(made.key)
    advance(hours=2)
    store.tokens.issue(made.key)
    assert store._database.one("SELECT COUNT(*) AS n FROM tokens", {}) == {"n": 1}
