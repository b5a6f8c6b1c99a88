"""The parent of a process holds the other end of its standard input: when that ends, the parent is gone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable


def when_parent_is_gone(act: Callable[[], object]) -> None:
    """Do something, from a thread, when standard input ends."""

    def watch() -> None:
        # Not through sys.stdin: an interpreter that ends while a thread holds its lock aborts.
        while os.read(0, 4096):
            pass
        act()

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()
