"""Blobs: files kept by what they contain; written beside, synced, renamed."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from openyx.errors import NotFound
from openyx.store.folder import sync_folder
from openyx.store.room import room

CHUNK = 1 << 20
_ABANDONED = timedelta(days=1)


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
        self._blobs.take(self._beside, blob)
        return blob


class Blobs:
    """The blob folder; ``beside`` is a folder on the same file system, for what is being written."""

    def __init__(self, folder: Path, beside: Path) -> None:
        self._folder = folder
        self._beside = beside

    @contextmanager
    def writer(self) -> Generator[BlobWriter]:
        """A new blob, written bit by bit; nothing is left of what was not kept.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, Blobs(Path(folder), Path(folder)).writer() as writer:
        ...     writer.write(b"a,")
        ...     writer.write(b"b")
        ...     writer.keep().size
        3
        """
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
        """Take a finished file that nobody else writes to; it is gone then."""
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
        self.take(file, blob)
        return blob

    def copy(self, file: Path) -> Blob:
        """Keep what a file holds; the file stays."""
        with file.open("rb") as content:
            return self.add(content)

    def sweep(self) -> None:
        """Remove what a process that was killed had begun: what nobody has written to for a day."""
        before = time.time() - _ABANDONED.total_seconds()
        for file in self._beside.iterdir():
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < before:
                    file.unlink()

    def path(self, digest: str) -> Path:
        """The file of a blob, to be read only; NotFound."""
        path = self._place(digest)
        if not path.is_file():
            raise NotFound(f"The file {digest} is missing from the gallery's blob folder.")
        return path

    def open(self, digest: str) -> BinaryIO:
        """A blob to read from; NotFound."""
        return self.path(digest).open("rb")

    def take(self, file: Path, blob: Blob) -> None:
        """Rename a synced file into its place; DiskFull."""
        place = self._place(blob.digest)
        shelf = place.parent
        with room():
            if not place.is_file() or place.stat().st_size != blob.size:
                shelf.mkdir(mode=0o700, exist_ok=True)
                file.replace(place)
            # Also for what was there: who put it there may not have come to it yet.
            sync_folder(shelf)
            sync_folder(self._folder)

    def _place(self, digest: str) -> Path:
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise ValueError(f"{digest!r} is no SHA-256")
        return self._folder / digest[:2] / digest[2:]
