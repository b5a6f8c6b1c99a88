"""Logging in tries the key, stores a profile, and shows the secret to nobody."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx


def test_it_says_what_it_found(yx: Yx, gallery: Served) -> None:
    key, secret = gallery.keys["user"]
    done = yx("login", gallery.address, "--key", key, "--secret-stdin", "--secret-file", given=secret)
    assert (done.code, done.out) == (0, "")
    assert "V3 and V1" in done.err
    assert "OAuth 2" in done.err
    assert "5 workflows visible" in done.err


def test_a_studio_key_is_found_to_need_oauth_1(yx: Yx, gallery: Served) -> None:
    key, secret = gallery.keys["studio"]
    done = yx("login", gallery.address, "--key", key, "--secret-stdin", "--secret-file", "--json", given=secret)
    assert (done.code, done.json["auth"]) == (0, "oauth1")
    assert "OAuth 1" in done.json["server"]


def test_the_secret_is_in_a_private_file_and_nowhere_else(yx: Yx, gallery: Served) -> None:
    key, secret = gallery.keys["user"]
    done = yx("login", gallery.address, "--key", key, "--secret-stdin", "--secret-file", "--json", given=secret)
    assert secret not in done.out + done.err
    assert secret not in yx.profiles.read_text()
    holding = [file for file in yx.home.rglob("*") if file.is_file() and secret in file.read_text(errors="replace")]
    assert [stat.S_IMODE(file.stat().st_mode) for file in holding] == [0o600]


def test_a_command_can_tell_the_secret_each_time(yx: Yx, gallery: Served, tmp_path: Path) -> None:
    key, secret = gallery.keys["user"]
    (tmp_path / "vault").write_text(secret)
    told = f"{sys.executable} -c \"print(open('{tmp_path}/vault').read())\""
    assert yx("login", gallery.address, "--key", key, "--secret-command", told).code == 0
    assert yx("list").code == 0
    (tmp_path / "vault").unlink()
    refused = yx("list", "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")
    assert "secret_command" in refused.error["message"]


def test_a_wrong_secret_stores_nothing(yx: Yx, gallery: Served) -> None:
    key, _ = gallery.keys["user"]
    refused = yx("login", gallery.address, "--key", key, "--secret-stdin", "--secret-file", "--json", given="f" * 64)
    assert (refused.code, refused.error["code"]) == (3, "not_let_in")
    assert not yx.profiles.exists()


def test_nobody_there_stores_nothing(yx: Yx) -> None:
    refused = yx("login", "http://127.0.0.1:9", "--key", "k", "--secret-stdin", "--json", given="s")
    assert (refused.code, refused.error["code"]) == (7, "unreachable")


@pytest.mark.parametrize("missing", [("login",), ("login", "http://127.0.0.1:9"), ("login", "x", "--key", "k")])
def test_in_a_pipe_what_is_missing_is_an_error_and_never_a_question(yx: Yx, missing: tuple[str, ...]) -> None:
    refused = yx(*missing, "--json", given="a\nb\nc\n")
    assert (refused.code, refused.error["code"], refused.out) == (2, "usage", "")


def test_status_tries_the_key(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery)
    yx.log_in(gallery, profile="studio", kind="studio")
    done = yx("login", "--status", "--json")
    assert (done.code, done.json["profile"], done.json["default"]) == (0, "default", True)
    assert done.json["key"] == gallery.keys["user"][0]
    assert yx("login", "--status", "--profile", "studio", "--json").json["auth"] == "oauth1"


def test_a_profile_is_named_before_or_behind_the_command(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery, profile="one")
    assert yx("--profile", "one", "list").lines == yx("list", "--profile", "one").lines != []
    refused = yx("list", "--profile", "two", "--json")
    assert refused.code == 2
    assert "one" in refused.error["hint"]


def test_logging_out_forgets_profile_and_secret(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery)
    assert yx("logout").code == 0
    secret = gallery.keys["user"][1]
    assert not [file for file in yx.home.rglob("*") if file.is_file() and secret in file.read_text(errors="replace")]
    assert yx("list").code == 2
    assert yx("logout").code == 2


def test_the_environment_names_the_profile_that_is_made_shown_and_forgotten(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery)
    named = {"OPENYX_PROFILE": "other"}
    key, secret = gallery.keys["studio"]
    login = ("login", gallery.address, "--key", key, "--secret-stdin", "--secret-file", "--json")
    assert yx(*login, given=secret, env=named).json["profile"] == "other"
    assert yx("login", "--status", "--json", env=named).json["profile"] == "other"
    assert yx("logout", env=named).code == 0
    assert yx("login", "--status", "--json").json["profile"] == "default"


def test_status_tells_of_the_environment_where_that_counts(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery)
    key, secret = gallery.keys["studio"]
    given = {"OPENYX_URL": gallery.address, "OPENYX_KEY": key, "OPENYX_SECRET": secret}
    status = yx("login", "--status", "--json", env=given).json
    assert (status["profile"], status["key"], status["secret"]) == ("", key, "environment")
    assert "the environment counts" in yx("login", "--status", env=given).out
    assert yx("login", "--status", "--json", env={"OPENYX_URL": gallery.address}).code == 2


@pytest.mark.parametrize(
    ("secret", "why"), [(b"one\ntwo\n", "line break"), (b"\xff\xfe\n", "no text"), (b"\n", "empty")]
)
def test_a_secret_that_is_none_is_refused_before_it_is_sent(yx: Yx, secret: bytes, why: str) -> None:
    login = yx.command("login", "http://127.0.0.1:9", "--key", "k", "--secret-stdin", "--secret-file")
    refused = subprocess.run(login, input=secret, capture_output=True, env=yx.env, check=False)
    assert refused.returncode == 2
    assert why in refused.stderr.decode()


NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


def test_where_no_keyring_answers_it_says_what_else_there_is(yx: Yx, gallery: Served) -> None:
    key, secret = gallery.keys["user"]
    refused = yx("login", gallery.address, "--key", key, "--secret-stdin", "--json", given=secret, env=NO_KEYRING)
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")
    assert "--secret-file" in refused.error["hint"]
    assert not yx.profiles.exists()


def test_where_no_keyring_answers_a_person_may_choose_a_file(yx: Yx, gallery: Served) -> None:
    key, secret = gallery.keys["user"]
    with Terminal(yx.command("login", gallery.address, "--key", key), yx.env | NO_KEYRING) as terminal:
        terminal.expect("Secret")
        terminal.press(f"{secret}\n")
        terminal.expect("Keep it in a file that only you can read?")
        terminal.press("y\n")
        assert terminal.end() == 0
    assert yx("list").code == 0


def test_on_a_terminal_it_asks_and_hides_the_secret(yx: Yx, gallery: Served) -> None:
    key, secret = gallery.keys["user"]
    with Terminal(yx.command("login", "--secret-file"), yx.env) as terminal:
        terminal.expect("Address of the gallery")
        terminal.press(f"{gallery.address}\n")
        terminal.expect("Key")
        terminal.press(f"{key}\n")
        terminal.expect("Secret")
        terminal.press(f"{secret}\n")
        terminal.expect("Stored as the profile 'default'")
        assert terminal.end() == 0
        assert secret not in terminal.text
    assert yx("list").code == 0
