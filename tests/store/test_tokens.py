from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from openyx.store import Holder, KeyKind, NewKey, Store


def key(store: Store) -> NewKey:
    return store.keys.create(KeyKind.USER)


def holder(store: Store, made: NewKey) -> Holder:
    return Holder(key=made.key, user=store.users.find(made.key.user_id))


def test_a_token_leads_to_its_key_and_the_user_of_that(store: Store) -> None:
    made = key(store)
    token = store.tokens.issue(made.key)
    assert store.tokens.holder(token.text.reveal()) == holder(store, made)
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
    assert store.tokens.holder(kept.text.reveal()) == holder(store, other)


def test_tokens_that_are_over_are_forgotten(store: Store, advance: Callable[..., None]) -> None:
    made = key(store)
    for _ in range(3):
        store.tokens.issue(made.key)
    advance(hours=2)
    store.tokens.issue(made.key)
    assert store._database.one("SELECT COUNT(*) AS n FROM tokens", {}) == {"n": 1}


def test_nobody_holds_a_key_or_token_whose_user_or_studio_is_shut_out(store: Store) -> None:
    for table, kind, shut_out in (
        ("users", KeyKind.USER, True),
        ("users", KeyKind.STUDIO, True),
        ("studios", KeyKind.STUDIO, True),
        ("studios", KeyKind.USER, False),
    ):
        made = store.keys.create(kind)
        token = store.tokens.issue(made.key).text.reveal()
        for column in ("active", "api_enabled"):
            store._database.run(f"UPDATE {table} SET {column} = 0", {})
            expected = None if shut_out else holder(store, made)
            assert store.keys.holder(made.key.key) == expected, (table, kind, column)
            assert store.tokens.holder(token) == expected, (table, kind, column)
            store._database.run(f"UPDATE {table} SET {column} = 1", {})
            assert store.keys.holder(made.key.key) == Holder(key=made.key, user=store.users.find(made.key.user_id))


def test_a_token_whose_holder_is_remembered_ends_all_the_same(store: Store, advance: Callable[..., None]) -> None:
    text = store.tokens.issue(store.keys.create(KeyKind.USER).key).text.reveal()

    def known() -> bool | None:
        together = store.together(lambda: store.tokens.holder(text) is not None)
        if together.begin():
            together.commit()
        else:
            together.finish()
        return together.outcomes[0].result

    assert (known(), known()) == (True, True)
    advance(minutes=59, seconds=59)
    assert known()
    advance(seconds=1)
    assert not known()
