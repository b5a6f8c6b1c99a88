"""Packages: a zip of a workflow and what it needs, opened with care, or made around a bare workflow."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, cast

from openyx.document.model import Document, parse
from openyx.errors import DocumentError

CHUNK = 1 << 20
_ENTRY = 1 << 10
_LONGEST_PART, _LONGEST_PATH = 255, 1024
STARTERS = (".yxmd", ".yxwz")
MACROS = (".yxmc",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a package may hold before it is refused: members, bytes when unpacked, and bytes for each packed one.

    The ratio is looked at for members larger than a megabyte: small ones harm nobody.
    """

    members: int = 10_000
    size: int = 4 << 30
    ratio: int = 200


LIMITS = Limits()


def document(path: Path | IO[bytes], *, name: str = "", limits: Limits = LIMITS) -> Document:
    """The document of a package's start file, read without unpacking anything.

    Raises ``DocumentError`` for a file that is no package, is cut off, passes the limits or has no start file.
    """
    title = name or (path.name if isinstance(path, Path) else "package.yxzp")
    with _opened(path, title, limits) as archive:
        start = _start(archive, title)
        content = b"".join(_content(archive, start, title, limits))
    return parse(content, PurePosixPath(_member_path(start, title)).name)


def start_file(path: Path | IO[bytes], *, name: str = "", limits: Limits = LIMITS) -> PurePosixPath:
    """The path of the start file inside a package."""
    title = name or (path.name if isinstance(path, Path) else "package.yxzp")
    with _opened(path, title, limits) as archive:
        return _member_path(_start(archive, title), title)


def unpack(path: Path, folder: Path, *, name: str = "", limits: Limits = LIMITS) -> Path:
    """Unpack a package into an existing folder; the path of its start file is the answer.

    Nothing leaves the folder: a member with ``..``, an absolute path, a drive letter or a link refuses the package
    before anything is written. Errors call it by *name*, if that is not the file's own.
    """
    title = name or path.name
    with _opened(path, title, limits) as archive:
        start = _start(archive, title)
        left = limits.size
        for member in archive.infolist():
            target = folder / _member_path(member, title)
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                for chunk in _content(archive, member, title, limits):
                    left -= out.write(chunk)
                    if left < 0:
                        raise _refused(title, f"it unpacks to more than {limits.size:,} bytes")
    return folder / _member_path(start, title)


def pack(content: bytes, name: str) -> bytes:
    """A package that holds one workflow file; the same content makes the same bytes."""
    packed = BytesIO()
    member = zipfile.ZipInfo(PurePosixPath(name.replace("\\", "/")).name, date_time=(1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = (stat.S_IFREG | 0o644) << 16
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, content, compresslevel=6)
    return packed.getvalue()


@contextmanager
def _opened(path: Path | IO[bytes], title: str, limits: Limits) -> Generator[zipfile.ZipFile]:
    with path.open("rb") if isinstance(path, Path) else nullcontext(path) as file:
        sips = _Sips(cast("io.RawIOBase", file), most=max(limits.members * _ENTRY, 2 * CHUNK))
        try:
            with _readable(title):
                archive = zipfile.ZipFile(sips)
            with archive:
                _check(archive, title, limits)
                yield archive
        finally:
            sips.detach()


class _Sips(io.BufferedReader):
    """A file of which no more is read at once than the directory of the most members takes.

    A zip library reads the directory whole, whatever its size, before it tells how many members there are.
    """

    def __init__(self, file: io.RawIOBase, *, most: int) -> None:
        super().__init__(file)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._most:
            raise zipfile.BadZipFile(f"its directory has {size:,} bytes, more than {self._most:,}")
        return super().read(size)


@contextmanager
def _readable(title: str) -> Generator[None]:
    """Say of what a zip library cannot read that the package is refused."""
    try:
        yield
    except zipfile.BadZipFile as error:
        raise _refused(title, f"it is no zip archive, or a damaged one ({error})") from error
    except (EOFError, zlib.error, lzma.LZMAError, struct.error, ValueError, OSError) as error:
        raise _refused(title, f"the archive is cut off or damaged ({error or 'unexpected end'})") from error
    except (NotImplementedError, RuntimeError) as error:
        raise _refused(title, f"the archive uses what cannot be read ({error})") from error


def _check(archive: zipfile.ZipFile, title: str, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        raise _refused(title, f"it has {len(members):,} members, more than {limits.members:,}")
    if sum(member.file_size for member in members) > limits.size:
        raise _refused(title, f"it unpacks to more than {limits.size:,} bytes")
    files: set[str] = set()
    folders: set[str] = set()
    for member in members:
        path = PurePosixPath(str(_member_path(member, title)).casefold())
        if str(path) in files:
            raise _refused(title, f"two members are called {member.filename!r}")
        (folders if member.is_dir() else files).add(str(path))
        folders.update(str(parent) for parent in path.parents)
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(title, f"the member {member.filename!r} is a link or a device")
        if member.flag_bits & 0x1:
            raise _refused(title, f"the member {member.filename!r} is encrypted")
        if member.file_size > CHUNK and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise _refused(title, f"the member {member.filename!r} is packed more than {limits.ratio} times")
    if both := files & folders:
        raise _refused(title, f"{min(both)!r} is both a file and a folder")


def _member_path(member: zipfile.ZipInfo, title: str) -> PurePosixPath:
    # A zip library turns only the platform's own separators; packages made on Windows may hold backslashes.
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or ":" in name or "\0" in name:
        raise _refused(title, f"the member {member.filename!r} would leave its folder")
    if max(len(part.encode()) for part in parts) > _LONGEST_PART or len(name.encode()) > _LONGEST_PATH:
        raise _refused(title, f"the name of the member {name[:80]!r}… is too long")
    return PurePosixPath(*parts)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, title: str, limits: Limits) -> Iterator[bytes]:
    size = 0
    with _readable(title), archive.open(member) as source:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > member.file_size or size > limits.size:
                raise _refused(title, f"the member {member.filename!r} is larger than it says")
            yield chunk


def _start(archive: zipfile.ZipFile, title: str) -> zipfile.ZipInfo:
    """The workflow at the shallowest level; of several the one called as the package, else the first by name.

    A package without a workflow may hold a macro.
    """
    members = [(_member_path(member, title), member) for member in archive.infolist() if not member.is_dir()]
    found = [each for each in members if each[0].suffix.lower() in STARTERS] or [
        each for each in members if each[0].suffix.lower() in MACROS
    ]
    if not found:
        raise _refused(title, "it holds no workflow (.yxmd, .yxwz, .yxmc)")
    top = min(len(path.parts) for path, _ in found)
    stem = PurePosixPath(title).stem.casefold()
    ranked = sorted(found, key=lambda each: (each[0].stem.casefold() != stem, str(each[0]).casefold()))
    return next(member for path, member in ranked if len(path.parts) == top)


def _refused(title: str, reason: str) -> DocumentError:
    return DocumentError(reason, place=title)
