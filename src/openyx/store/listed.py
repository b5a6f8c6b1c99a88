"""What the listing of another file system says: which objects are blobs, whether they are whole, and how old."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from openyx.errors import AskedWrongly

_NAME = re.compile(r"([0-9a-f]{62})(?:\.(\d+)\.[0-9a-f]{16})?")
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "updated", "modify")


def new_name(name: str, size: int) -> str:
    """A name for a blob that no object ever had: what its digest is on its shelf, its size, and a random word."""
    return f"{name}.{size}.{secrets.token_hex(8)}"


@dataclass(frozen=True, slots=True)
class Object:
    """An object with its size; ``promised`` is the one that it has when it is whole, where its name says so."""

    path: str
    digest: str
    size: int
    promised: int | None
    info: dict[str, Any]

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there."""
        return self.promised is None or self.promised == self.size

    @property
    def modified(self) -> datetime:
        """When it was put there; AskedWrongly when the file system does not say."""
        return modified(self.info)


def objects(shelf: str, listed: Iterable[dict[str, Any]]) -> list[Object]:
    """The blobs in the listing of a shelf, whole or not."""
    found: list[Object] = []
    for info in listed:
        path = str(info["name"])
        if named := _NAME.fullmatch(path.rpartition("/")[2]):
            name, promised = named.groups()
            found.append(Object(path, shelf + name, int(info["size"] or 0), int(promised) if promised else None, info))
    return found


def modified(info: dict[str, Any]) -> datetime:
    """When something was written, in whichever of the ways that libraries have to say it; AskedWrongly.

    >>> modified({"modify": "20260301120000.123"}) == modified({"mtime": 1772366400})
    True
    """
    for key in _TIMES:
        match info.get(key):
            case datetime() as moment:
                return _aware(moment)
            case int() | float() as seconds:
                return datetime.fromtimestamp(seconds, UTC)
            case str() as text:
                with suppress(ValueError):
                    return _read(text)
            case _:
                pass
    raise AskedWrongly(
        "this file system does not say when a file was written", hint="a gallery needs that to remove what is old"
    )


def _read(text: str) -> datetime:
    if text[:14].isdigit():  # as FTP has it
        return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return _aware(datetime.fromisoformat(text))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
