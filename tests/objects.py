"""A file system with the properties of an object store: no rename, no append, no folders, an object whole or not there.

``objects:///folder`` keeps what it has in a folder; its clock is that of the folder's file system.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

PROTOCOL = "objects"

_Base: Any = import_module("fsspec.asyn").AsyncFileSystem  # which has no types


class Objects(_Base):  # type: ignore[misc] # as its base
    """Each call is one request to the store."""

    protocol = PROTOCOL

    async def _put_file(self, lpath: str, rpath: str, **_: object) -> None:
        _put(rpath, _got(lpath))

    async def _pipe_file(self, path: str, value: bytes, **_: object) -> None:
        _put(path, value)

    async def _get_file(self, rpath: str, lpath: str, **_: object) -> None:
        _put(lpath, _got(rpath))

    async def _cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: object) -> bytes:
        return _got(path)[start:end]

    async def _info(self, path: str, **_: object) -> dict[str, Any]:
        return _info(Path(path))

    async def _rm_file(self, path: str, **_: object) -> None:
        _remove(path)

    async def _ls(self, path: str, detail: bool = True, **_: object) -> list[Any]:
        found = [_info(each) for each in _there(path)]
        return found if detail else [each["name"] for each in found]

    async def _find(self, path: str, *, detail: bool = False, prefix: str = "", **_: object) -> dict[str, Any]:
        return {str(each): _info(each) for each in _there(path) if each.name.startswith(prefix)}

    def _open(self, path: str, **_: object) -> BytesIO:
        return BytesIO(_got(path))


def _got(path: str) -> bytes:
    return Path(path).read_bytes()


def _put(path: str, content: bytes) -> None:
    place = Path(path)
    beside = place.parent.parent / f".put-{secrets.token_hex(8)}"
    beside.write_bytes(content)
    place.parent.mkdir(exist_ok=True)
    beside.replace(place)


def _remove(path: str) -> None:
    Path(path).unlink()


def _there(folder: str) -> list[Path]:
    return sorted(each for each in Path(folder).iterdir() if not each.name.startswith(".put-"))


def _info(path: Path) -> dict[str, Any]:
    found = path.stat()
    kind = "directory" if path.is_dir() else "file"
    moment = datetime.fromtimestamp(found.st_mtime, UTC)
    return {"name": str(path), "size": found.st_size, "type": kind, "LastModified": moment}


import_module("fsspec").register_implementation(PROTOCOL, Objects, clobber=True)
