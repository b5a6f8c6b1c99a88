"""Where the secret of a profile is kept: the keyring, a file of mode 0600, or a command that tells it."""

from __future__ import annotations

import shlex
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from openyx.client.access import files
from openyx.client.access.profiles import Profile, Profiles
from openyx.client.access.secret import Secret
from openyx.errors import AskedWrongly, MissingExtra

T = TypeVar("T")

SERVICE = "openyx"
PATIENCE = 5.0
"""Seconds that a keyring has for its answer; one that asks for a password nobody can type would hang for ever."""
COMMAND_PATIENCE = 60.0


def secret_of(profiles: Profiles, name: str, profile: Profile) -> Secret:
    """The secret of a profile.

    Raises ``AskedWrongly`` when it is not where the profile says, or its keeper does not answer.
    """
    match profile.secret:
        case "file":
            return Secret(files.read_private(secret_file(profiles, name)))
        case "command":
            return _told_by(profile.secret_command, name)
        case _:
            found = _in_time(lambda keyring: keyring.get_password(SERVICE, _entry(name, profile)))
            if found is None:
                raise AskedWrongly(f"the keyring holds no secret for the profile {name!r}", hint=_LOGIN)
            return Secret(found)


def keep(profiles: Profiles, name: str, profile: Profile, secret: Secret) -> None:
    """Put the secret where the profile says; one that a command tells is not kept."""
    match profile.secret:
        case "file":
            files.write_private(secret_file(profiles, name), secret.reveal() + "\n")
        case "command":
            return
        case _:
            _in_time(lambda keyring: keyring.set_password(SERVICE, _entry(name, profile), secret.reveal()))


def forget(profiles: Profiles, name: str, profile: Profile) -> None:
    """Take the secret away from where it is kept; it need not be there."""
    match profile.secret:
        case "file":
            secret_file(profiles, name).unlink(missing_ok=True)
        case "command":
            return
        case _:
            _in_time(lambda keyring: _delete(keyring, _entry(name, profile)))


def secret_file(profiles: Profiles, name: str) -> Path:
    """The file that holds the secret of a profile: beside the profiles."""
    plain = "".join(letter if letter.isalnum() or letter in "-_." else f"%{ord(letter):x}" for letter in name)
    return profiles.path.with_name(f"{profiles.path.stem}.{plain}.secret")


class Keyring(Protocol):
    """What is used of the library of that name."""

    def get_password(self, service_name: str, username: str) -> str | None: ...

    def set_password(self, service_name: str, username: str, password: str) -> None: ...

    def delete_password(self, service_name: str, username: str) -> None: ...


def _keyring() -> tuple[Keyring, type[Exception]]:
    """The library, and what it raises."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise MissingExtra("a secret in the keyring", "keyring") from error
    return keyring, KeyringError


def _entry(name: str, profile: Profile) -> str:
    """The keyring's user name. The key is part of it, so that no secret meets a key that is not its own."""
    return f"{name} {profile.key}"


def _delete(keyring: Keyring, entry: str) -> None:
    if keyring.get_password(SERVICE, entry) is not None:
        keyring.delete_password(SERVICE, entry)


def _in_time(ask: Callable[[Keyring], T]) -> T:
    keyring, troubles = _keyring()
    answers: list[T] = []
    problems: list[Exception] = []

    def asking() -> None:
        try:
            answers.append(ask(keyring))
        except troubles as error:
            problems.append(error)

    thread = threading.Thread(target=asking, daemon=True, name="keyring")
    thread.start()
    thread.join(PATIENCE)
    if answers:
        return answers[0]
    if problems:
        raise AskedWrongly(f"the keyring refused: {problems[0]}", hint=_ELSEWHERE) from problems[0]
    raise AskedWrongly(f"the keyring did not answer in {PATIENCE:g} s", hint=_ELSEWHERE)


_LOGIN = "yx login stores it"
_ELSEWHERE = "keep the secret in a file (yx login --secret-file), let a command tell it, or set OPENYX_SECRET_FILE"


def _told_by(command: str | list[str], name: str) -> Secret:
    try:
        words = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError as error:
        raise AskedWrongly(f"the secret_command of the profile {name!r} cannot be read: {error}") from error
    if not words:
        raise AskedWrongly(f"the profile {name!r} names no secret_command")
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, timeout=COMMAND_PATIENCE, check=True, text=True)  # noqa: S603 - what it is for
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        raise AskedWrongly(f"the secret_command of the profile {name!r} did not work: {_why(error)}") from error
    return Secret(done.stdout.removesuffix("\n").removesuffix("\r"))


def _why(error: Exception) -> str:
    """What happened; an error's own text would show the command line, which may hold a secret."""
    match error:
        case subprocess.CalledProcessError():
            return f"it ended with {error.returncode}"
        case subprocess.TimeoutExpired():
            return f"it took longer than {COMMAND_PATIENCE:g} s"
        case OSError():
            return error.strerror or type(error).__name__
        case _:
            return "it told no text"
