from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from openyx.errors import NotFound, UnreadableData
from openyx.store import KeyKind, Role, Store
from tests.stores import opened


def test_a_key_has_the_form_of_a_real_server(store: Store) -> None:
    made = store.keys.create(KeyKind.USER)
    assert re.fullmatch("[0-9A-F]{15}[0-9a-f]{64}", made.key.key)
    assert re.fullmatch("[0-9a-f]{64}", made.secret.reveal())


def test_the_first_key_makes_the_owner_with_a_private_studio(store: Store) -> None:
    first, second = store.keys.create(KeyKind.USER), store.keys.create(KeyKind.STUDIO)
    owner = store.users.find(first.key.user_id)
    assert (owner.email, owner.role) == ("owner@localhost", Role.CURATOR)
    assert store.studios.find(owner.studio_id).name == "Gallery Owner's Private Studio"
    assert (second.key.user_id, second.key.studio_id) == (owner.id, owner.studio_id)
    assert len(store.users.list()) == len(store.studios.list()) == 1


def test_a_key_keeps_the_name_that_it_was_given(store: Store) -> None:
    named, other = store.keys.create(KeyKind.USER, name="Zoë's laptop"), store.keys.create(KeyKind.USER)
    holder = store.keys.holder(named.key.key)
    assert holder
    assert holder.key == store.keys.find(named.key.key) == named.key
    assert {each.key: each.name for each in store.keys.list()} == {named.key.key: "Zoë's laptop", other.key.key: ""}


def test_a_key_can_be_made_for_another_user(store: Store) -> None:
    ann = store.users.create("ann@example.com", first_name="Ann", last_name="Example", role=Role.ARTISAN)
    made = store.keys.create(KeyKind.STUDIO, user_id=ann.id)
    assert (made.key.user_id, made.key.studio_id) == (ann.id, ann.studio_id)
    with pytest.raises(NotFound):
        store.keys.create(KeyKind.USER, user_id="0" * 24)


def test_the_secret_can_be_read_again_to_verify_a_signature(store: Store) -> None:
    made = store.keys.create(KeyKind.STUDIO)
    valid = store.keys.valid(made.key.key)
    assert valid
    assert valid.key == made.key
    assert valid.secret.reveal() == made.secret.reveal()


def test_only_the_right_secret_authenticates(store: Store) -> None:
    made, other = store.keys.create(KeyKind.USER), store.keys.create(KeyKind.USER)
    assert store.keys.authenticate(made.key.key, made.secret.reveal()) == made.key
    assert store.keys.authenticate(made.key.key, other.secret.reveal()) is None
    assert store.keys.authenticate(made.key.key, "") is None
    assert store.keys.authenticate("unknown", made.secret.reveal()) is None
    assert store.keys.authenticate(made.key.key, "schlüssel") is None


def test_a_revoked_key_opens_nothing_but_stays_in_the_list(store: Store) -> None:
    made = store.keys.create(KeyKind.USER)
    revoked = store.keys.revoke(made.key.key)
    assert revoked.revoked_at == store.clock()
    assert store.keys.valid(made.key.key) is None
    assert store.keys.holder(made.key.key) is None
    assert store.keys.authenticate(made.key.key, made.secret.reveal()) is None
    assert store.keys.list() == [revoked]
    with pytest.raises(NotFound):
        store.keys.revoke("unknown")


def test_revoking_twice_keeps_the_first_time(store: Store, advance: Callable[..., None]) -> None:
    made = store.keys.create(KeyKind.USER)
    first = store.keys.revoke(made.key.key).revoked_at
    advance(minutes=1)
    assert store.keys.revoke(made.key.key).revoked_at == first


@pytest.mark.sqlite
def test_no_secret_lies_in_plain_in_the_data_folder_nor_in_what_is_printed(store: Store, tmp_path: Path) -> None:
    made = store.keys.create(KeyKind.USER)
    token = store.tokens.issue(made.key)
    secrets = [made.secret.reveal(), token.text.reveal()]
    shown = repr(made) + str(made) + repr(token) + repr(store.keys.list()) + f"{made.secret}"
    held = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert any(made.key.key.encode() in content for content in held)
    for secret in secrets:
        assert secret not in shown
        assert not any(secret.encode() in content for content in held)
    assert not any(bytes.fromhex(made.secret.reveal()) in content for content in held)


def test_a_secret_sealed_for_one_key_does_not_open_for_another(store: Store) -> None:
    one, two = store.keys.create(KeyKind.USER), store.keys.create(KeyKind.USER)
    swap = "UPDATE keys SET sealed_secret = (SELECT sealed_secret FROM keys WHERE key = :a) WHERE key = :b"
    store._database.run(swap, {"a": one.key.key, "b": two.key.key})
    with pytest.raises(UnreadableData, match="another key file"):
        store.keys.valid(two.key.key)


def test_a_lost_key_file_is_named_and_not_replaced(store: Store, tmp_path: Path) -> None:
    store.keys.create(KeyKind.USER)
    (tmp_path / "data" / "secret.key").unlink()
    with pytest.raises(UnreadableData, match=r"secret\.key cannot be read"):
        opened(tmp_path / "data")
    assert not (tmp_path / "data" / "secret.key").exists()


def test_a_damaged_key_file_is_named(store: Store, tmp_path: Path) -> None:
    (tmp_path / "data" / "secret.key").write_bytes(b"short")
    with pytest.raises(UnreadableData, match="damaged: 5 bytes, not 32"):
        opened(tmp_path / "data")
