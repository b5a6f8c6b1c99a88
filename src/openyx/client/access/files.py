"""Files that only their owner may read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from openyx.errors import AskedWrongly


def write_private(path: Path, text: str) -> None:
    """Write *text* beside *path* with mode 0600 and rename it; the folder is made when it is missing.

    Raises ``AskedWrongly`` when that is not possible.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise AskedWrongly(f"{path} cannot be written: {error.strerror}") from error


def read_private(path: Path) -> str:
    """The text of a file that nobody else can read, without the line break at its end.

    Raises ``AskedWrongly`` when it is not there, or open to others.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AskedWrongly(f"the secret's file {path} cannot be read: {error}") from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise AskedWrongly(f"the secret's file {path} is open to others", hint=f"chmod 600 {path}")
    return text.removesuffix("\n").removesuffix("\r")
