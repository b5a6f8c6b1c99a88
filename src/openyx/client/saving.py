"""Files from a server: under a safe name, written beside their place, put there when complete."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self

from openyx.api.calls import Received
from openyx.errors import AskedWrongly, Conflict, DiskFull

LONGEST = 180
_FULL = (errno.ENOSPC, errno.EDQUOT)
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_ENDINGS = {"docx": ".docx", "xlsx": ".xlsx", "zip": ".zip"}


def safe_name(name: str, *, otherwise: str = "output") -> str:
    """*name* as one that is a file's on every system: no folders, no devices, no control characters, not too long.

    >>> safe_name("..\\\\..\\\\etc/passwd"), safe_name("CON.txt"), safe_name("a<b>:c?.csv"), safe_name("..")
    ('passwd', '_CON.txt', 'a_b__c_.csv', 'output')
    """
    last = re.split(r"[\\/]", name.strip())[-1]
    plain = "".join("_" if letter in '<>:"|?*' or not letter.isprintable() else letter for letter in last)
    plain = plain.strip().rstrip(". ")
    if not plain.strip(". "):
        return otherwise
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def _shortened(name: str) -> str:
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
    if len(suffix.encode()) > 20:
        stem, suffix = name, ""
    while len((stem + suffix).encode("utf-8", "surrogatepass")) > LONGEST:
        stem = stem[:-1]
    return stem + suffix


def format_of(wanted: str | None, offered: Sequence[str], name: str) -> str:
    """The format to ask for, in the server's spelling; the file as it is when nothing is wanted.

    Raises ``AskedWrongly`` for one that is not offered.
    """
    if wanted is None:
        return next((each for each in offered if each.lower() == "raw"), "Raw")
    for each in offered:
        if each.lower() == wanted.lower():
            return each
    if not offered:
        return wanted[:1].upper() + wanted[1:]
    raise AskedWrongly(f"{name!r} cannot be had as {wanted!r}", hint=f"it comes as {', '.join(offered)}")


def ready(folder: Path) -> None:
    """Make the folder that files are saved into.

    Raises ``AskedWrongly`` where that cannot be, and ``DiskFull``; ask before a start, not after an hour.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise AskedWrongly(f"nothing can be written into {folder}", hint=_ELSEWHERE)


@contextmanager
def writing(folder: Path) -> Generator[None]:
    """Around what is written into a folder: ``DiskFull`` for one without room, ``AskedWrongly`` for one that takes
    nothing."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(
                f"nothing more can be saved in {folder}: the disk is full", hint="make room on it, or name another one"
            ) from error
        raise AskedWrongly(f"nothing can be written into {folder}: {error.strerror}", hint=_ELSEWHERE) from error


_ELSEWHERE = "name a folder that you may write into"


class MemorySink:
    """Keeps a body in memory."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def begin(self, expected: int | None) -> None:  # noqa: ARG002 - a sink's form
        """A body begins."""
        self._chunks.clear()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._chunks.append(chunk)

    @property
    def content(self) -> bytes:
        """All of it."""
        return b"".join(self._chunks)


class FileSink:
    """Writes a body beside the place where it will be, and renames it when it is complete.

    *to* is a folder, where *name* is made safe and numbered if it is taken, or the path of the file itself. What is not
    there and has no ending is a folder, which is made. Leaving the ``with`` block without :meth:`keep` leaves no file
    behind. What cannot be written is told as :func:`writing` does.
    """

    def __init__(
        self,
        to: Path,
        name: str,
        *,
        overwrite: bool = False,
        progress: Callable[[int, int | None], object] | None = None,
    ) -> None:
        self._made = not to.suffix and not to.exists()
        self._folder, self._name = (to, "") if to.is_dir() or self._made else (to.parent, to.name)
        self._given_name = name
        self._overwrite = overwrite
        self._progress = progress
        self._expected: int | None = None
        self._size = 0
        self._file: BinaryIO | None = None
        self._beside = self._folder / f".{secrets.token_hex(8)}.part"

    def __enter__(self) -> Self:
        if self._name and not self._overwrite and (self._folder / self._name).exists():
            raise _taken(self._folder / self._name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            with suppress(OSError):  # what a full disk did not take is tried once more
                self._file.close()
            self._beside.unlink(missing_ok=True)

    def begin(self, expected: int | None) -> None:
        """A body begins, again after a failure: what came before is dropped."""
        with writing(self._folder):
            if self._file is None:
                self._file = self._open()
            self._file.seek(0)
            self._file.truncate()
        self._expected, self._size = expected, 0

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        assert self._file is not None
        with writing(self._folder):
            self._file.write(chunk)
        self._size += len(chunk)
        if self._progress:
            self._progress(self._size, self._expected)

    def keep(self, received: Received) -> Path:
        """Put the complete file in its place; where that is."""
        with writing(self._folder):
            return self._keep(received)

    def _keep(self, received: Received) -> Path:
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if self._name:
            path = self._folder / self._name
            self._put(path)
            return path
        name = safe_name(self._given_name or received.name, otherwise="output")
        if not PurePosixPath(name).suffix and received.name:
            name = safe_name(name + PurePosixPath(safe_name(received.name)).suffix)
        return self._put_numbered(name)

    def _open(self) -> BinaryIO:
        if self._made:
            self._folder.mkdir(parents=True, exist_ok=True)
        return self._beside.open("xb")

    def _put(self, path: Path) -> None:
        if self._overwrite:
            self._beside.replace(path)
            return
        try:
            _move_to_new(self._beside, path)
        except FileExistsError:
            raise _taken(path) from None

    def _put_numbered(self, name: str) -> Path:
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
        number = 1
        while True:
            path = self._folder / (name if number == 1 else f"{stem} ({number}){suffix}")
            if self._overwrite:
                self._beside.replace(path)
                return path
            try:
                _move_to_new(self._beside, path)
            except FileExistsError:
                number += 1
            else:
                return path


def _move_to_new(source: Path, target: Path) -> None:
    """Rename to a name that nobody has; a link does so in one step where the file system knows links."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        with target.open("xb"):
            pass
        source.replace(target)
    else:
        source.unlink()


def _taken(path: Path) -> Conflict:
    return Conflict(f"{path} is there already", hint="choose another name, or say overwrite")
