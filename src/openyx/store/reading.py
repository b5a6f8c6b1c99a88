"""Reads a file of another file system portion by portion, and goes on where it breaks off."""

from __future__ import annotations

import errno
import io
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, BinaryIO

from openyx.errors import StoreUnreachable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 20
"""Bytes that are fetched at a time, and held in memory for each reader."""

Opened = tuple[str, BinaryIO]
"""The path of a file, and the file."""

_PAUSES = (0.0, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.0, 1.0, 1.0)


def tries() -> Iterator[None]:
    """The tries that are worth their while at what is listed and is then not there; they come ever less often."""
    for pause in _PAUSES:
        time.sleep(pause)
        yield


class Reading(io.RawIOBase):
    """An open file whose content may come to lie elsewhere: *again* opens it anew; it gives None when it is gone.

    ``asked`` tells in one way that the file system did not do as it was told: StoreUnreachable, FileNotFoundError.
    """

    def __init__(
        self,
        opened: Opened,
        *,
        again: Callable[[], Opened | None],
        asked: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self._path, self._file = opened
        self._again = again
        self._asked = asked
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in it."""
        with self._asked(self._path):
            self._file.seek(offset + self._at if whence == io.SEEK_CUR else offset, _ABSOLUTE[whence])
            self._at = self._file.tell()  # which not every library gives when it is told to go there
        return self._at

    def tell(self) -> int:
        """Where it is."""
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """The next portion; tried once more when it breaks off, and whenever what is read has made way for another."""
        room = memoryview(buffer).cast("B")
        try:
            found = self._read(len(room))
        except StoreUnreachable:
            self._reopen()
            found = self._read(len(room))
        room[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        """Let go of it."""
        if not self.closed:
            with self._asked(self._path):
                self._file.close()
        super().close()

    def _read(self, size: int) -> bytes:
        for _ in tries():
            try:
                with self._asked(self._path):
                    self._file.seek(self._at)
                    return self._file.read(size)
            except FileNotFoundError:
                self._reopen()
        raise StoreUnreachable("A file is listed and opened, and yet is not there when it is read.")

    def _reopen(self) -> None:
        opened = self._again()
        if opened is None:
            raise FileNotFoundError(errno.ENOENT, "it was removed while it was read") from None
        self._path, self._file = opened


_ABSOLUTE = {io.SEEK_SET: io.SEEK_SET, io.SEEK_CUR: io.SEEK_SET, io.SEEK_END: io.SEEK_END}
