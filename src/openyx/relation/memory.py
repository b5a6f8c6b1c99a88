"""The memory that is left: what would need more is an error, before the machine ends the process for it."""

from __future__ import annotations

import re
from pathlib import Path

from openyx.errors import WorkflowError

_TOLD = Path("/proc/meminfo")


def free(told: Path = _TOLD) -> int | None:
    """The bytes of memory that can be had, where the system tells; what only caches files counts."""
    if not told.is_file():
        return None
    found = re.search(r"^MemAvailable:\s*(\d+) kB", told.read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def check(size: int, what: str) -> None:
    """Raise ``WorkflowError`` where *what*, of so many bytes, has no room."""
    room = free()
    if room is not None and size > room:
        raise WorkflowError(f"{what} would take {size / 2**30:.1f} GiB, and {room / 2**30:.1f} GiB are free")
