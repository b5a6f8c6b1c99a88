"""The data folder: where everything lies, and the lock that keeps a second server out."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openyx.errors import FolderInUse, UnreadableData

_KEY_BITS = 256
_FAR = 1 << 30


class DataFolder:
    """A gallery's folder; made, readable by its owner alone, when it is not there.

    Its blobs may be in another folder, or *elsewhere*: then no folder on this host is for them.

    ::

        gallery.sqlite    the database
        secret.key        opens the secrets in it
        blobs/            published files and outputs by content
        uploads/          what is being received
        work/             folders of running jobs
        server.lock       held by the server
    """

    def __init__(self, path: Path, *, blobs: Path | None = None, elsewhere: bool = False) -> None:
        self.path = path
        self.blobs = blobs or path / "blobs"
        for folder in (path, *([] if elsewhere else [self.blobs]), self.uploads, self.work):
            _make(folder)

    @property
    def database(self) -> Path:
        """The database file."""
        return self.path / "gallery.sqlite"

    @property
    def uploads(self) -> Path:
        """What is being received; on the file system of the blobs where they are in a folder."""
        own = self.blobs.parent == self.path
        return self.path / "uploads" if own else self.blobs / "uploads"

    @property
    def work(self) -> Path:
        """Folders of running jobs."""
        return self.path / "work"

    def server_lock(self) -> FileLock:
        """The lock that a server holds as long as it lives."""
        return FileLock(self.path / "server.lock", held="the data folder {folder} is in use by another server ({who})")

    def key(self, *, create: bool) -> bytes:
        """The key that opens the secrets; made where allowed, UnreadableData when it is missing or damaged."""
        file = self.path / "secret.key"
        if create and not file.exists():
            write_beside(file, AESGCM.generate_key(_KEY_BITS))
        try:
            key = file.read_bytes()
            mode = file.stat().st_mode & 0o777
        except OSError as error:
            raise UnreadableData(f"the key file {file} cannot be read: {error.strerror}") from error
        if sys.platform != "win32" and mode & 0o077:
            raise UnreadableData(
                f"the key file {file} is open to others (mode {mode:04o})",
                hint=f"make it yours alone: chmod 600 {file}; if others may have read it, make new keys",
            )
        if len(key) * 8 != _KEY_BITS:
            raise UnreadableData(f"the key file {file} is damaged: {len(key)} bytes, not {_KEY_BITS // 8}")
        return key


class FileLock:
    """A lock on a file that ends with the process that holds it; the file names the process."""

    def __init__(self, path: Path, *, held: str = "{folder} is in use by another process ({who})") -> None:
        self._path = path
        self._held = held
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock; FolderInUse when another process has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(descriptor):
            pid = _read_pid(descriptor)
            os.close(descriptor)
            who = f"process {pid}" if pid else "process unknown"
            raise FolderInUse(
                self._held.format(folder=self._path.parent, who=who), pid=pid, hint="stop it, or name another folder"
            )
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Give it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextmanager
    def held(self) -> Generator[None]:
        """Hold it for a block."""
        self.acquire()
        try:
            yield
        finally:
            self.release()


def write_beside(path: Path, content: bytes) -> None:
    """Write a small private file whole or not at all, and onto the disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names onto the disk, where the system has a way to."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(folder: Path) -> None:
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in new:
            sync_folder(each.parent)
    except OSError as error:
        raise UnreadableData(f"the data folder {folder} cannot be made: {error.strerror}") from error


def _read_pid(descriptor: int) -> int:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, 32).decode(errors="replace").strip()
    return int(text) if text.isdecimal() else 0


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        # A byte beyond the text, so that others can still read who holds the lock.
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
