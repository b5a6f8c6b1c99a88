"""The system calls of processes, in the order in which they were done, as strace writes them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILES = "openat,close,lseek,write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate,mkdir,mkdirat"
_NAMES = "rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat"
_OTHERS = "sendto,sendmsg,clone,clone3,fork,vfork"
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call: the process, its name, its arguments as written, the texts in them, what it gave.

    One that sends is told when it begins, every other one when it is done.
    """

    process: int
    name: str
    arguments: str
    texts: tuple[bytes, ...]
    result: int

    @property
    def numbers(self) -> list[int]:
        """Its arguments that are numbers."""
        return [int(each) for each in re.findall(r"(?:^|, )(\d+)(?=,|$)", _TEXT.sub("", self.arguments))]


@cache
def can_watch() -> bool:
    """Whether strace is here and may look."""
    if not shutil.which("strace"):
        return False
    return (
        subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False, capture_output=True).returncode == 0
    )


def watching(log: Path) -> list[str]:
    """The beginning of a command line whose calls go into a file."""
    return ["strace", "-f", "-qq", "-xx", "-s", "16777216", "-e", f"trace={_FILES},{_NAMES},{_OTHERS}", "-o", str(log)]


def called(log: Path) -> Iterator[Called]:
    """What was called."""
    lines = log.read_text().splitlines()
    whose = _processes(lines)
    begun: dict[str, str] = {}
    for line in lines:
        if done := _LINE.match(line):
            thread, name, arguments, result = done.groups()
        elif first := _BEGUN.match(line):
            thread, name, arguments = first.groups()
            begun[thread] = arguments
            if not name.startswith("send"):
                continue
            result = "0"
        elif last := _RESUMED.match(line):
            thread, name, rest, result = last.groups()
            arguments = begun.pop(thread, "") + rest
            if name.startswith("send"):
                continue
        else:
            continue
        texts = tuple(bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(arguments))
        process = whose.get(int(thread), int(thread))
        yield Called(process=process, name=name, arguments=arguments, texts=texts, result=int(result))


def _processes(lines: list[str]) -> dict[int, int]:
    """Which thread belongs to which process, where it is not the first one."""
    whose: dict[int, int] = {}
    flags: dict[str, str] = {}
    for line in lines:
        if first := _BEGUN.match(line):
            flags[first[1]] = first[3]
        done = _LINE.match(line) or _RESUMED.match(line)
        if not done or done[2] not in ("clone", "clone3") or int(done[4]) < 0:
            continue
        if "CLONE_THREAD" in flags.pop(done[1], "") + done[3]:
            parent = int(done[1])
            whose[int(done[4])] = whose.get(parent, parent)
    return whose
