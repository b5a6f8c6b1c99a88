"""A bucket: blobs at an address of another file system, which need not be able to rename, to link or to lock.

An object is put whole, under a name that no other ever has: ``ab/cdef….SIZE.TOKEN``, the digest, the size that it must
have, and a random word. So nothing is ever written over: a sweep removes what it has seen old, under the very name, and
what somebody puts meanwhile lies beside. Of whole objects with the same content any will do, and only the last to come
stays. An object under the bare digest, as in a folder that was copied there, counts too.
"""

from __future__ import annotations

import inspect
import os
import re
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BufferedReader
from pathlib import Path

from openyx.errors import StoreUnreachable
from openyx.store.addresses import Address, FileSystem
from openyx.store.depot import Needed
from openyx.store.listed import Object, modified, new_name, objects
from openyx.store.reading import CHUNK, Opened, Reading, tries
from openyx.store.room import Disk, room
from openyx.store.shelves import parted


class Bucket:
    """Blobs at an address; safe to use from any thread, and from many hosts."""

    def __init__(self, address: str) -> None:
        self._address = Address(address)
        self._made: set[str] = set()
        self._tells_time = False
        self._making = threading.Lock()

    @property
    def where(self) -> str:
        """The address, without secrets."""
        return self._address.where

    def put(self, file: Path, digest: str) -> None:
        """Take a synced file; what was kept of the same content goes."""
        shelf, name = parted(digest)
        with self._address.asked():
            self._write(shelf, new_name(name, file.stat().st_size), file)
        *before, _ = self._whole(digest) or self._lost(digest)
        for each in before:
            self._remove(each)
        file.unlink()

    def has(self, digest: str) -> bool:
        """Whether a blob is there."""
        return bool(self._whole(digest))

    def open(self, digest: str) -> BufferedReader | None:
        """A blob to read from, portion by portion; None when it is not there."""

        def newest() -> Opened | None:
            for path in (found.path for found in self._newest(digest)):
                with suppress(FileNotFoundError), self._asked_of(path):
                    return path, self._address.reach()[0].open(path, "rb", block_size=CHUNK)
            return None

        opened = newest()
        return BufferedReader(Reading(opened, again=newest, asked=self._asked_of), CHUNK) if opened else None

    @contextmanager
    def lend(self, digest: str, beside: Path) -> Generator[Path | None]:
        """A blob fetched into a file that goes when the block ends; DiskFull."""
        with room():
            descriptor, name = tempfile.mkstemp(dir=beside)
            os.close(descriptor)
        file = Path(name)
        try:
            yield file if self._fetched(digest, file) else None
        finally:
            file.unlink(missing_ok=True)

    def names(self) -> list[str]:
        """The shelves that there are."""
        with self._address.asked():
            system, root = self._address.reach()
            try:
                paths = system.ls(root, detail=False)
            except FileNotFoundError:
                return []
        names = {str(path).rstrip("/").rpartition("/")[2] for path in paths}
        return sorted(name for name in names if re.fullmatch("[0-9a-f]{2}", name))

    def on(self, shelf: str, *, before: datetime | None = None) -> dict[str, int]:
        """The blobs of a shelf with their sizes; where a moment is named, what is all older, whole or not."""
        found = self._objects(shelf)
        if before is None:
            return {each.digest: each.size for each in found if each.is_whole}
        young = {each.digest for each in found if each.modified >= before}
        return {each.digest: each.size for each in found if each.digest not in young}

    def remove(self, digest: str, *, before: datetime, needed: Needed) -> int | None:
        """Remove a blob unless it is younger than a moment or needed by then: its size; None when it stays."""
        found = self._objects(*parted(digest))
        if not found or any(each.modified >= before for each in found) or needed(digest):
            return None
        for each in found:
            self._remove(each)
        return sum(each.size for each in found)

    def left(self) -> list[str]:
        """Nothing: an object is removed at once, or not at all."""
        return []

    def settle(self, left: str, *, before: datetime, needed: Needed) -> int | None:  # noqa: ARG002 - nothing is left
        """Nothing is left."""
        return None

    def now(self) -> datetime:
        """The time by the clock of the file system: when it says that it was written to just now."""
        with self._address.asked():
            return modified(self._address.reach()[0].info(self._write("", ".clock", b".")))

    def mark(self) -> str | None:
        """What says whose files these are; None when nothing does; AskedWrongly where it does not say its age."""
        with suppress(FileNotFoundError), self._address.asked():
            system, root = self._address.reach()
            path = _path(root, ".gallery")
            text = system.cat_file(path).decode(errors="replace")
            if not self._tells_time:
                modified(system.info(path))
                self._tells_time = True
            return text
        return None

    def set_mark(self, text: str) -> None:
        """Say whose files these are; AskedWrongly where the file system does not tell how old a file is."""
        self.now()
        with self._address.asked():
            self._write("", ".gallery", text.encode())

    def disk(self) -> Disk | None:
        """Nobody can tell."""
        return None

    def _write(self, shelf: str, name: str, content: Path | bytes) -> str:
        """Put an object, which must be whole when this returns; its path."""
        system, root = self._address.reach()
        folder = _path(root, shelf)
        path = _path(folder, name)
        try:
            self._make(system, folder)
            if isinstance(content, bytes):
                system.pipe_file(path, content)
            else:
                system.put_file(str(content), path)
        except FileNotFoundError as error:
            raise StoreUnreachable(f"There is no {self.where}.", hint="make it, or name another") from error
        except Exception:
            self._made.discard(folder)  # it may have been removed
            raise
        return path

    def _make(self, system: FileSystem, folder: str) -> None:
        """Folders are made where there are such; a store of objects would make a bucket of its own for them."""
        if self._address.is_store or folder in self._made:
            return
        with self._making:
            try:
                system.makedirs(folder, exist_ok=True)
            except Exception:
                if not system.exists(folder):  # another process may have made it at the same moment
                    raise
            self._made.add(folder)

    def _whole(self, digest: str) -> list[Object]:
        """The whole objects of a blob, the last to come at the end."""
        shelf, name = parted(digest)
        found = self._objects(shelf, name)
        if not found and not self._address.is_store:
            # The listing of a folder may miss one file that goes and one that has come, while it is read.
            found = self._objects(shelf, name)
        found = [each for each in found if each.is_whole]
        return sorted(found, key=lambda each: (each.modified, each.path)) if len(found) > 1 else found

    def _newest(self, digest: str) -> Iterator[Object]:
        """The last to come of the whole objects of a blob, anew as long as it makes way for another; none: it is gone.

        StoreUnreachable for one that is listed and yet never there.
        """
        for _ in tries():
            if not (found := self._whole(digest)):
                return
            yield found[-1]
        raise StoreUnreachable(f"{self.where} lists the file {digest}, and says that it is not there.")

    def _objects(self, shelf: str, name: str = "") -> list[Object]:
        """What lies on a shelf, of a blob where one is named, whole or not."""
        with self._address.asked():
            system, root = self._address.reach()
            folder = _path(root, shelf)
            try:
                if "prefix" in inspect.signature(system.find).parameters:
                    listed = list(system.find(folder, detail=True, prefix=name).values())
                else:
                    listed = list(system.ls(folder, detail=True))
            except FileNotFoundError:
                return []
        return [each for each in objects(shelf, listed) if each.digest.startswith(shelf + name)]

    def _remove(self, found: Object) -> None:
        with suppress(FileNotFoundError), self._asked_of(found.path):
            self._address.reach()[0].rm_file(found.path)

    def _fetched(self, digest: str, file: Path) -> bool:
        for found in self._newest(digest):
            with suppress(FileNotFoundError), room(), self._asked_of(found.path):
                self._address.reach()[0].get_file(found.path, str(file))
                if file.stat().st_size == found.size:
                    return True
                raise StoreUnreachable(f"A file at {self.where} came in half.")
        return False

    @contextmanager
    def _asked_of(self, path: str) -> Generator[None]:
        """FileNotFoundError too where a library has another word for an object that is gone."""
        try:
            with self._address.asked():
                yield
        except StoreUnreachable:
            with self._address.asked():
                self._address.reach()[0].info(path)
            raise

    def _lost(self, digest: str) -> list[Object]:
        raise StoreUnreachable(f"{self.where} did not keep the file {digest} that was put there.")


def _path(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if name else folder
