"""Files on their way out: as bytes, under a name that no browser and no file system can misread."""

from __future__ import annotations

import re
from typing import BinaryIO
from urllib.parse import quote

from openyx.server.exchange import BYTES, Reply

_LONGEST = 200
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"<>:|?*]')


def download(file: BinaryIO, size: int, name: str) -> Reply:
    """A reply that sends an open file."""
    return Reply(content_type=BYTES, headers={"Content-Disposition": disposition(name)}, file=file, size=size)


def download_bytes(content: bytes, name: str) -> Reply:
    """A reply that sends bytes as a file."""
    return Reply(content_type=BYTES, headers={"Content-Disposition": disposition(name)}, content=content)


def disposition(name: str) -> str:
    """The header that names a download (RFC 6266): quoted, and in UTF-8 where ASCII does not do.

    >>> disposition("C:\\\\data\\\\Übersicht 1.csv")
    'attachment; filename="_bersicht 1.csv"; filename*=UTF-8\\'\\'%C3%9Cbersicht%201.csv'
    """
    safe = safe_name(name)
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    header = f'attachment; filename="{plain}"'
    return header if plain == safe else f"{header}; filename*=UTF-8''{quote(safe, safe='')}"


def safe_name(name: str) -> str:
    """The last part of a path of either system, without what a file's name cannot hold.

    >>> safe_name("../..")
    'download'
    """
    last = re.split(r"[\\/]", name)[-1]
    # What is no text cannot be sent: half a surrogate pair, say.
    text = _UNSAFE.sub("_", last.encode("utf-8", "replace").decode()).strip(" .")
    return text.encode()[:_LONGEST].decode(errors="ignore").rstrip(" .") or "download"
