"""Addresses of files, such as ``s3://bucket/gallery``: told from folders, shown without secrets, and reached."""

from __future__ import annotations

import re
import weakref
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.request import url2pathname

from openyx.errors import AskedWrongly, MissingExtra, OpenYXError, StoreUnreachable
from openyx.store.room import is_full

_FOLDERS = ("file", "local")
_SSH = ("sftp", "ssh")
_SECRETS = re.compile(r"//[^\s]*@|\?\S*")
_IPV6 = re.compile(r"//(?:[^/]*@)?\[([0-9A-Fa-f:.]+)\]")


class FileSystem(Protocol):
    """What is asked of a file system of fsspec."""

    async_impl: bool

    def ls(self, path: str, *, detail: bool) -> Sequence[Any]: ...
    def find(self, path: str, *, detail: bool, prefix: str) -> dict[str, dict[str, Any]]: ...
    def info(self, path: str) -> dict[str, Any]: ...
    def open(self, path: str, mode: str, *, block_size: int) -> BinaryIO: ...
    def put_file(self, lpath: str, rpath: str) -> None: ...
    def get_file(self, rpath: str, lpath: str) -> None: ...
    def cat_file(self, path: str) -> bytes: ...
    def pipe_file(self, path: str, value: bytes) -> None: ...
    def rm_file(self, path: str) -> None: ...
    def exists(self, path: str) -> bool: ...
    def makedirs(self, path: str, *, exist_ok: bool) -> None: ...


def is_address(place: str) -> bool:
    """Whether a text names a place on another file system than this host's.

    >>> is_address("s3://bucket/gallery"), is_address("/srv/gallery"), is_address("file:///srv/gallery")
    (True, False, False)
    """
    scheme, parted, _ = place.partition("://")
    return bool(parted) and scheme.lower() not in _FOLDERS


def folder_of(place: str) -> Path | None:
    """The folder that a text names; None for an address, and for nothing.

    AskedWrongly for the address of a file that names another host, or more than a path.

    >>> folder_of("file://nas/gallery")
    Traceback (most recent call last):
    openyx.errors.AskedWrongly: file://nas/gallery is no folder of this host
    """
    if not place or is_address(place):
        return None
    _, url, rest = place.partition("://")
    if not url:
        return Path(place)
    host, _, path = rest.partition("/")
    if host.lower() not in ("", "localhost") or not path or "?" in path or "#" in path:
        raise AskedWrongly(
            f"{shown(place)} is no folder of this host",
            hint="write the path at which it is mounted, or file:///srv/blobs with %3F for ? and %23 for #",
        )
    return Path(url2pathname(f"/{path}"))


def shown(text: str) -> str:
    """An address, or a text with addresses, without what may be secret.

    >>> shown("ftp://user:password@host/gallery?key=1")
    'ftp://***@host/gallery?***'
    """
    return _SECRETS.sub(lambda found: "?***" if found[0].startswith("?") else "//***@", text)


class Address:
    """A place on a file system of fsspec; its library finds credentials as it is used to, in its own settings.

    MissingExtra without fsspec, AskedWrongly for a kind of file system that is unknown, or whose library is missing.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self.where = shown(address)
        kind = address.partition("://")[0]
        try:
            self._library: Any = import_module("fsspec")  # which has no types
        except ImportError as error:
            raise MissingExtra(f"keeping files at {kind}://", "blobs") from error
        found = _IPV6.search(address)
        self._host = found[1] if found else ""
        if kind == "memory" or "::" in _IPV6.sub("//host", address):
            raise AskedWrongly(f"{self.where} is no place that several processes share and that lasts")
        try:
            known = self._library.get_filesystem_class(kind)
        except ImportError as error:  # the text names what to install
            raise AskedWrongly(f"{kind}:// needs a package that is not installed", hint=f"{error}") from error
        except ValueError as error:
            hint = "s3:// needs the package s3fs, gs:// gcsfs, abfs:// adlfs, sftp:// paramiko"
            raise AskedWrongly(f"no installed package knows {kind}://", hint=hint) from error
        # What is asynchronous within serves many threads; of the others each call has its own.
        self._shared: tuple[FileSystem, str] | None = None
        self.is_store = bool(known.async_impl)
        self._kind, self._known = kind, known

    def reach(self) -> tuple[FileSystem, str]:
        """The file system, to be used by one thread until it is let go, and the path of the place there."""
        if self._shared:
            return self._shared
        # The library takes the colons of an IPv6 address for signs of its own.
        given = self._known._get_kwargs_from_urls(self._address) | ({"host": self._host} if self._host else {})
        system = self._library.filesystem(self._kind, skip_instance_cache=True, **given)
        # Other processes write there too: what was listed a moment ago may have changed. This is said here, and not as
        # an option, because some hand all options on to a library that does not know it.
        system.dircache.use_listings_cache = False
        if self._kind in _SSH:  # which closes no connection by itself; files that are open use it, too
            weakref.finalize(system.ftp, system.client.close)
        reached = system, self._known._strip_protocol(self._address)
        if self.is_store:
            self._shared = reached
        return reached

    @contextmanager
    def asked(self) -> Generator[None]:
        """Tell in one way, without secrets, that the place did not do what it was asked; FileNotFoundError passes."""
        try:
            yield
        except (FileNotFoundError, OpenYXError):
            raise
        except Exception as error:  # each library has errors of its own
            if is_full(error):
                raise
            said = shown(str(error)).partition("\n")[0]
            # The cause is not kept: a log would print what it says.
            raise StoreUnreachable(
                f"The files at {self.where} cannot be reached: {type(error).__name__}: {said}",
                hint="does it answer, and may this process list, read, write and remove there?",
            ) from None
