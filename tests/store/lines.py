"""Does something else before any line of what runs: every interleaving of the two, one after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

_NAMES = ("sweeping", "shelves", "bucket", "listed", "reading", "addresses", "blobs", "retention", "backup")
MODULES = tuple(f"openyx/store/{name}.py" for name in _NAMES)


def at_line(number: int, interrupt: Callable[[], object], run: Callable[[], object]) -> int:
    """Run something, and interrupt it once before its line of that number (from 1); how many lines it had."""
    count = 0
    interrupting = False

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count, interrupting
        if interrupting or not frame.f_code.co_filename.replace("\\", "/").endswith(MODULES):
            return None
        if event == "line":
            count += 1
            if count == number:
                interrupting = True
                interrupt()
                interrupting = False
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count
