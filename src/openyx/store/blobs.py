"""Blobs: files kept by what they contain; written beside, synced, then put where they lie."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from openyx.errors import NotFound
from openyx.store.depot import Depot
from openyx.store.room import room
from openyx.store.shelves import is_older, now_in

CHUNK = 1 << 20
ABANDONED = timedelta(days=1)
"""How long nobody has touched what was left behind: an upload that was cut off, a blob that no record speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A file by content: ``digest`` is its SHA-256 in 64 hexadecimal digits, ``size`` in bytes."""

    digest: str
    size: int


class BlobWriter:
    """Takes the bytes of a blob one after the other; :meth:`keep` makes them one."""

    def __init__(self, file: BinaryIO, beside: Path, blobs: Blobs) -> None:
        self._file = file
        self._beside = beside
        self._blobs = blobs
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def path(self) -> Path:
        """The file so far, to be looked at before it is kept."""
        with room():
            self._file.flush()
        return self._beside

    def write(self, content: bytes) -> None:
        """Append; DiskFull."""
        with room():
            self._file.write(content)
        self._hash.update(content)
        self.size += len(content)

    def keep(self) -> Blob:
        """Make it a blob, on disk when this returns; DiskFull."""
        with room():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        blob = Blob(digest=self._hash.hexdigest(), size=self.size)
        self._blobs.depot.put(self._beside, blob.digest)
        return blob


class Blobs:
    """What lies in a depot; ``beside`` is a folder for what is being written, on the file system of a depot's folder.

    ``check`` raises StoreUnreachable while the depot is away: what is not found is missing only when it is there.
    """

    def __init__(self, depot: Depot, beside: Path, *, check: Callable[[], None] = lambda: None) -> None:
        self.depot = depot
        self._beside = beside
        self.check = check

    @contextmanager
    def writer(self) -> Generator[BlobWriter]:
        """A new blob, written bit by bit; nothing is left of what was not kept.

        >>> from tempfile import TemporaryDirectory
        >>> from openyx.store.shelves import Shelves
        >>> with TemporaryDirectory() as folder, Blobs(Shelves(Path(folder)), Path(folder)).writer() as writer:
        ...     writer.write(b"a,")
        ...     writer.write(b"b")
        ...     writer.keep().size
        3
        """
        self.check()
        with room():
            descriptor, name = tempfile.mkstemp(dir=self._beside)
            beside = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    yield BlobWriter(file, beside, self)
            finally:
                beside.unlink(missing_ok=True)

    def add(self, content: bytes | BinaryIO) -> Blob:
        """Keep bytes, or what a file object still holds."""
        with self.writer() as writer:
            if isinstance(content, bytes):
                writer.write(content)
            else:
                while chunk := content.read(CHUNK):
                    writer.write(chunk)
            return writer.keep()

    def adopt(self, file: Path) -> Blob:
        """Take a finished file that nobody else writes to; it is gone then. StoreUnreachable, and the file stays."""
        self.check()
        if file.stat().st_dev != self._beside.stat().st_dev:
            blob = self.copy(file)
            file.unlink()
            return blob
        digest = hashlib.sha256()
        with file.open("r+b") as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
            os.fsync(content.fileno())
            blob = Blob(digest=digest.hexdigest(), size=content.tell())
        self.depot.put(file, blob.digest)
        return blob

    def copy(self, file: Path) -> Blob:
        """Keep what a file holds; the file stays."""
        with file.open("rb") as content:
            return self.add(content)

    def begun(self) -> list[Path]:
        """What was being written when its process was killed: nobody has touched it for a day."""
        before = now_in(self._beside) - ABANDONED
        return sorted(file for file in self._beside.iterdir() if is_older(file, before))

    def sweep(self) -> int:
        """Remove what a process that was killed had begun: what nobody has written to for a day; how many."""
        begun = self.begun()
        for file in begun:
            file.unlink(missing_ok=True)
        return len(begun)

    def open(self, digest: str) -> BufferedReader:
        """A blob to read from; NotFound, StoreUnreachable."""
        if file := self.depot.open(digest):
            return file
        raise self._missing(digest)

    @contextmanager
    def lent(self, digest: str) -> Generator[Path]:
        """A blob as a file, to be read only, for as long as a block runs; NotFound, StoreUnreachable, DiskFull."""
        with self.depot.lend(digest, self._beside) as file:
            if file is None:
                raise self._missing(digest)
            yield file

    def _missing(self, digest: str) -> NotFound:
        self.check()
        return NotFound(f"The file {digest} is missing from the gallery's blob folder.")
