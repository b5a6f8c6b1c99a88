"""Keys are made once, listed without their secrets, and revoked at once."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx


@pytest.mark.parametrize("kind", ["studio", "user"])
def test_a_key_is_printed_once(yx: Yx, tmp_path: Path, kind: str) -> None:
    made = yx("keys", "create", "--kind", kind, "--data", tmp_path / "d", "--json")
    assert made.code == 0
    assert set(made.json) == {"key", "secret", "kind", "userId", "name"}
    assert made.json["kind"] == kind
    listed = yx("keys", "list", "--data", tmp_path / "d", "--json")
    assert [each["key"] for each in listed.json] == [made.json["key"]]
    assert made.json["secret"] not in listed.out


def test_a_name_tells_which_key_is_whose(yx: Yx, tmp_path: Path) -> None:
    made = yx("keys", "create", "--name", "Zoë's laptop", "--data", tmp_path / "d", "--json").json
    assert made["name"] == "Zoë's laptop"
    assert yx("keys", "create", "--data", tmp_path / "d").code == 0
    lines = yx("keys", "list", "--data", tmp_path / "d").lines
    assert [line.split("\t")[1] for line in lines] == ["Zoë's laptop", ""]
    assert [each["name"] for each in yx("keys", "list", "--data", tmp_path / "d", "--json").json] == [
        "Zoë's laptop",
        "",
    ]
    assert yx("keys", "revoke", made["key"], "--data", tmp_path / "d", "--json").json["name"] == "Zoë's laptop"


def test_for_people_key_and_secret_stand_on_lines_of_their_own(yx: Yx, tmp_path: Path) -> None:
    made = yx("keys", "create", "--data", tmp_path / "d")
    assert [line.split()[0] for line in made.lines] == ["key", "secret"]
    assert "not shown again" in made.err


def test_secrets_are_kept_sealed_under_a_private_key_file(yx: Yx, tmp_path: Path) -> None:
    secret = yx("keys", "create", "--data", tmp_path / "d", "--json").json["secret"]
    files = [file for file in (tmp_path / "d").rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if secret.encode() in file.read_bytes()]
    assert stat.S_IMODE((tmp_path / "d" / "secret.key").stat().st_mode) == 0o600


def test_a_revoked_key_is_not_let_in(yx: Yx, gallery: Served) -> None:
    made = yx("keys", "create", "--data", gallery.data, "--json").json
    login = ("login", gallery.address, "--key", made["key"], "--secret-stdin", "--secret-file")
    assert yx(*login, given=made["secret"]).code == 0
    assert yx("keys", "revoke", made["key"], "--data", gallery.data, "--json").json["revokedAt"]
    assert yx("list", "--json").code == 3


def test_a_key_that_is_not_there_cannot_be_revoked(yx: Yx, tmp_path: Path) -> None:
    refused = yx("keys", "revoke", "nobody", "--data", tmp_path / "d", "--json")
    assert (refused.code, refused.error["code"]) == (4, "not_found")


def test_the_environment_names_the_data_folder(yx: Yx, tmp_path: Path) -> None:
    assert yx("keys", "create", env={"OPENYX_DATA": str(tmp_path / "e")}).code == 0
    assert (tmp_path / "e" / "gallery.sqlite").is_file()


@pytest.mark.parametrize("command", [("list",), ("revoke", "somebody")])
def test_a_misspelt_folder_is_not_made_a_gallery(yx: Yx, tmp_path: Path, command: tuple[str, ...]) -> None:
    refused = yx("keys", *command, "--data", tmp_path / "TYPO", "--json")
    assert (refused.code, refused.error["code"]) == (4, "not_found")
    assert str(tmp_path / "TYPO") in refused.error["message"]
    assert not (tmp_path / "TYPO").exists()
