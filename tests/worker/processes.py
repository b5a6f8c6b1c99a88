"""What tests ask about processes."""

from __future__ import annotations

import os
import select


def gone(pid: int) -> bool:
    """Whether a process ends."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([watched], [], [], 60)
    os.close(watched)
    return bool(ended)
