"""A disk that loses its power: what a folder holds when only what was synced, or that and some more, has reached it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.soak.calls import Called


@dataclass(slots=True, eq=False)
class File:
    """A file: as it was synced last, and what was done to it since (an offset and bytes, or a size)."""

    synced: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list[tuple[int, bytes | None]])

    def sync(self) -> None:
        self.synced, self.since = _done(self.synced, self.since), []

    def after_loss(self, random: Random | None) -> bytes:
        """What is left: the synced, and with a chance some of what came later, in no order that could be relied on."""
        if random is None:
            return self.synced
        return _done(self.synced, [step for step in self.since if random.random() < 0.5])


class Disk:
    """The files below a folder, followed call by call; a name is kept when its folder was synced."""

    def __init__(self, root: Path) -> None:
        """The files that are there already count as synced."""
        self._root = root
        self._now: dict[str, File] = {}
        self._kept: dict[str, File] = {}
        self._folders = {str(root), *(str(path) for path in root.rglob("*") if path.is_dir())}
        self._kept_folders = set(self._folders)
        for path in root.rglob("*"):
            if path.is_file():
                self._now[str(path)] = self._kept[str(path)] = File(synced=path.read_bytes())
        self._open: dict[tuple[int, int], tuple[str, File | None]] = {}
        self._places: dict[tuple[int, int], int] = {}
        self.syncs = 0

    def follow(self, call: Called) -> None:
        """What a call does to the files."""
        if call.result < 0:
            return
        if call.name in (
            "openat",
            "mkdir",
            "mkdirat",
            "rename",
            "renameat",
            "renameat2",
            "unlink",
            "unlinkat",
            "rmdir",
        ):
            self._name(call, [os.fsdecode(text) for text in call.texts])
        elif call.name not in ("sendto", "sendmsg") and call.numbers:
            self._content(call, (call.process, call.numbers[0]))

    def _name(self, call: Called, paths: list[str]) -> None:
        if not paths or not any(path.startswith(str(self._root)) for path in paths):
            if call.name == "openat":
                self._open.pop((call.process, call.result), None)
            return
        match call.name:
            case "openat":
                self._opened(call, paths[0])
            case "mkdir" | "mkdirat":
                self._folders.add(paths[0])
            case "rename" | "renameat" | "renameat2":
                self._now[paths[1]] = self._now.pop(paths[0])
            case _:
                self._now.pop(paths[0], None)

    def _opened(self, call: Called, path: str) -> None:
        if path in self._folders:
            self._open[call.process, call.result] = (path, None)
            return
        file = self._now.setdefault(path, File())
        if "O_TRUNC" in call.arguments:
            file.since.append((0, None))
        self._open[call.process, call.result] = (path, file)
        self._places[call.process, call.result] = 0

    def _content(self, call: Called, key: tuple[int, int]) -> None:
        if key not in self._open:
            return
        path, file = self._open[key]
        match call.name:
            case "close":
                del self._open[key]
            case "fsync" | "fdatasync":
                self.syncs += 1
                if file:
                    file.sync()
                else:
                    self._keep_names(path)
            case "pwrite64" if file:
                file.since.append((call.numbers[-1], call.texts[0]))
            case "write" if file:
                file.since.append((self._places[key], call.texts[0]))
                self._places[key] += call.result
            case "ftruncate" if file:
                file.since.append((call.numbers[-1], None))
            case "lseek":
                self._places[key] = call.result
            case "writev" | "pwritev":
                raise NotImplementedError(call.name)
            case _:
                pass

    def _keep_names(self, folder: str) -> None:
        """A folder was synced: what lies in it has its name for good, and what is gone is gone."""
        for path in [path for path in self._kept if _above(path) == folder and path not in self._now]:
            del self._kept[path]
        self._kept |= {path: file for path, file in self._now.items() if _above(path) == folder}
        self._kept_folders |= {path for path in self._folders if _above(path) == folder}

    def lose_power(self, into: Path, random: Random | None = None) -> None:
        """Write what is left into a new folder; with a chance, some of what nobody has waited for is there as well."""
        into.mkdir(mode=0o700)
        names = dict(self._kept)
        if random:
            names |= {path: file for path, file in self._now.items() if random.random() < 0.5}
        folders = self._folders if random else self._kept_folders
        for path in sorted(folders):
            place = into / Path(path).relative_to(self._root)
            if place.parent.is_dir():
                place.mkdir(mode=0o700, exist_ok=True)
        for path, file in names.items():
            place = into / Path(path).relative_to(self._root)
            if place.parent.is_dir() and not path.endswith("-shm"):
                place.write_bytes(file.after_loss(random))
                place.chmod(0o600)


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _done(content: bytes, steps: list[tuple[int, bytes | None]]) -> bytes:
    made = bytearray(content)
    for at, written in steps:
        if written is None:
            del made[at:]
            made.extend(bytes(at - len(made)))
        else:
            made.extend(bytes(max(0, at - len(made))))
            made[at : at + len(written)] = written
    return bytes(made)
