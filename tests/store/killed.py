"""A process that sweeps or copies a gallery, a year from now, and is killed before a line: ``FOLDER NUMBER [INTO]``."""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from openyx.store import Keep, utc_now
from tests.store.lines import at_line
from tests.stores import opened


def main(folder: str, number: str, into: str = "") -> None:
    """Print how many lines there were, if it lives."""
    with opened(Path(folder), clock=lambda: utc_now() + timedelta(days=400)) as store:
        keep = Keep(versions=1)
        run = (lambda: store.backup.make(Path(into))) if into else (lambda: store.retention.sweep(keep))
        lines = at_line(int(number), lambda: os.kill(os.getpid(), signal.SIGKILL), run)
        sys.stdout.write(f"{lines}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
