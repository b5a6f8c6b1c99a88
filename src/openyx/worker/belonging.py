"""The processes that belong to a folder: found on Linux, whatever process group or session they went to.

A child's folder stands in its environment and is where it works; what it starts inherits both, whoever its parent is
now. Only who leaves the process group, empties its environment and works elsewhere is not found; none does, for no
foreign code runs. Who looks around there from a terminal is somebody else.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from openyx.logs import Events

log = Events("openyx.worker")

_PROCESSES = "/proc"
_ROUNDS = 100
_PATIENCE_MS = 5000
_KEPT = (b"RssAnon:", b"RssShmem:", b"VmSwap:")
"""What memory nobody else can have back: pages of files that are only read do not count."""


def belonging(folder: Path) -> Iterator[int]:
    """The ids of the living processes that belong to a folder, or to one below it; none but on Linux."""
    if sys.platform != "linux":
        return
    for name in os.listdir(_PROCESSES):  # noqa: PTH208 - done for each job, and often while one is watched
        if name.isdigit() and int(name) != os.getpid() and _belongs(int(name), folder):
            yield int(name)


def end_all(folder: Path) -> None:
    """Kill all that belongs to a folder, and what it starts meanwhile, and wait until it is gone."""
    for _ in range(_ROUNDS):
        if not (found := list(belonging(folder))):
            return
        _end(found, folder)
    log.warning("processes that cannot be killed", folder=str(folder), pids=list(belonging(folder)))


def memory(folder: Path) -> int:
    """How many bytes of memory all that belongs to a folder holds."""
    return sum(map(_held, belonging(folder)))


def _belongs(pid: int, folder: Path) -> bool:
    below = os.fsencode(folder) + b"/"
    try:
        if b"\0TMPDIR=" + below in b"\0" + _read(pid, "environ"):
            return True
        works_here = os.readlink(f"{_PROCESSES}/{pid}/cwd".encode()).startswith(below)  # noqa: PTH115 - as above
        return works_here and not _has_terminal(pid)
    except OSError:  # it is gone, or somebody else's
        return False


def _has_terminal(pid: int) -> bool:
    """Whether somebody sits before it; the program's name stands in brackets and may hold anything."""
    _state, _parent, _group, _session, terminal, *_ = _read(pid, "stat").rpartition(b")")[2].split()
    return terminal != b"0"


def _end(pids: list[int], folder: Path) -> None:
    if sys.platform != "linux":
        return
    with ExitStack() as closing:
        poll, any_left = select.poll(), False
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                process = os.pidfd_open(pid)
                closing.callback(os.close, process)
                # Asked again: from here on the id cannot have gone to somebody else.
                if _belongs(pid, folder):
                    signal.pidfd_send_signal(process, signal.SIGKILL)
                    poll.register(process, select.POLLIN)
                    any_left = True
        if any_left:
            poll.poll(_PATIENCE_MS)


def _held(pid: int) -> int:
    try:
        lines = _read(pid, "status").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(_KEPT))


def _read(pid: int, name: str) -> bytes:
    with open(f"{_PROCESSES}/{pid}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - as above
        return file.readall()
