"""One table of settings: what each is called, how its text is read, what stands when nothing is said."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from openyx.errors import AskedWrongly

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A setting with its environment variable. ``read`` makes its value of a text or raises ``ValueError``."""

    name: str
    default: T
    read: Callable[[str], T]
    help: str

    @property
    def variable(self) -> str:
        """The environment variable: ``OPENYX_URL``."""
        return f"OPENYX_{self.name.upper()}"

    def given(self, environ: Mapping[str, str]) -> T | None:
        """What the environment says, if it does; an empty variable says nothing.

        Raises ``AskedWrongly`` for a text that cannot be read.
        """
        text = environ.get(self.variable, "").strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise AskedWrongly(f"{self.variable}: {error}") from error

    def value(self, environ: Mapping[str, str]) -> T:
        """What the environment says, else the default."""
        given = self.given(environ)
        return self.default if given is None else given


def flag(text: str) -> bool:
    """A yes or no.

    >>> flag("yes"), flag("0")
    (True, False)
    """
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError(f"{text!r} is neither yes nor no")
    return words[text.lower()]


def seconds(text: str) -> float:
    """A positive number of seconds."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number of seconds") from None
    if not 0 < number < 1e9:
        raise ValueError(f"{text!r} is no time that can be waited")
    return number


def auth(text: str) -> str:
    """A kind of authentication."""
    if text.lower() not in ("auto", "oauth1", "oauth2"):
        raise ValueError(f"{text!r} is not auto, oauth1 or oauth2")
    return text.lower()


def path(text: str) -> Path:
    """A path; ``~`` is the home folder."""
    return Path(text).expanduser()


def folders(text: str) -> tuple[Path, ...]:
    """Existing folders, parted like those of PATH."""
    found = tuple(path(each) for each in text.split(os.pathsep) if each.strip())
    missing = next((each for each in found if not each.is_dir()), None)
    if missing is not None:
        raise ValueError(f"there is no folder {missing}")
    return found


def count(text: str) -> int:
    """A positive whole number.

    >>> count("1e6"), count("1_000")
    (1000000, 1000)
    """
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number") from None
    if not 1 <= number < 2**63 or number != int(number):
        raise ValueError(f"{text!r} is no positive whole number")
    return int(number)


URL = Setting("url", "", str, "The gallery's address, as it can be pasted from a browser.")
KEY = Setting("key", "", str, "The API key of the Keys tab.")
SECRET = Setting("secret", "", str, "The secret that belongs to the key.")
SECRET_FILE: Setting[Path | None] = Setting("secret_file", None, path, "A file of mode 0600 that holds the secret.")
PROFILE = Setting("profile", "", str, "The profile to use; the default one otherwise.")
CONFIG: Setting[Path | None] = Setting("config", None, path, "The file of profiles; the user's own otherwise.")
AUTH = Setting("auth", "auto", auth, "auto asks the server what it speaks; oauth1 and oauth2 do not.")
CA: Setting[Path | None] = Setting("ca", None, path, "A file of certificates that are trusted beside the system's.")
PROXY = Setting("proxy", "", str, "The address of a proxy; HTTPS_PROXY and its kin count otherwise.")
TIMEOUT: Setting[float | None] = Setting("timeout", None, seconds, "The longest silence of a server, in seconds.")
ALLOW_HTTP = Setting("allow_http", False, flag, "Send the secret over plain HTTP to other machines.")
DATA: Setting[Path | None] = Setting("data", None, path, "The data folder of a gallery of one's own.")
STORE = Setting("store", "", str, "The database of a gallery on several hosts: postgresql://user@host/name.")
BLOBS = Setting(
    "blobs", "", str, "The folder of files that the hosts of a gallery share, or its address: s3://bucket/path."
)
MACROS: Setting[tuple[Path, ...]] = Setting(
    "macros",
    (),
    folders,
    "Folders with macros, which are found by their file names, and with libraries of formula functions (XML).",
)
GENERATED_ROWS = Setting("generated_rows", 1_000_000_000, count, "The most rows that a Generate Rows tool makes.")
ANCHOR_RECORDS = Setting(
    "anchor_records",
    10_000_000_000,
    count,
    "The most records that leave a tool by one anchor, as of a join that explodes.",
)

SETTINGS: tuple[
    Setting[str]
    | Setting[int]
    | Setting[bool]
    | Setting[Path | None]
    | Setting[float | None]
    | Setting[tuple[Path, ...]],
    ...,
] = (
    URL,
    KEY,
    SECRET,
    SECRET_FILE,
    PROFILE,
    CONFIG,
    AUTH,
    CA,
    PROXY,
    TIMEOUT,
    ALLOW_HTTP,
    DATA,
    STORE,
    BLOBS,
    MACROS,
    GENERATED_ROWS,
    ANCHOR_RECORDS,
)
"""All of them, in the order of their help."""
