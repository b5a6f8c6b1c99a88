"""A child process with everything it starts, as one group: started, killed, and asked how it died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from openyx.settings import ANCHOR_RECORDS
from openyx.worker.belonging import end_all

_SYSTEM = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC")
_PASSED_ON = (*_SYSTEM, ANCHOR_RECORDS.variable)
OWN = ("HOME", "TMPDIR", "TEMP", "TMP")
"""The variables of a child that lead to its temporary folder."""


class ProcessGroup:
    """A running program and all that it starts; ``own`` is the folder to which all of it belongs."""

    def __init__(self, program: Sequence[str], *, own: Path, folder: Path, log: Path, temporary: Path) -> None:
        self._lock = threading.Lock()
        self._own = own
        with log.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - the program is ours
                program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=environment(temporary),
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )

    @property
    def pid(self) -> int:
        """The process id of the program, and on POSIX of its group."""
        return self._process.pid

    @property
    def stdin(self) -> IO[bytes]:
        """What it reads."""
        return _opened(self._process.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        """What it writes."""
        return _opened(self._process.stdout)

    def kill(self) -> None:
        """Kill the program and all that it started; the dead do not mind."""
        with self._lock:
            if self._process.returncode is None:
                self._kill()

    def wait(self) -> int:
        """Wait until the program has ended, kill what it left behind, and give its status (negative: a signal)."""
        if sys.platform == "linux":
            # Not yet reaped, its id cannot be given to another process: the group that is killed is its own.
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            with self._lock:
                self._kill()
                status = self._process.wait()
            end_all(self._own)
        else:
            status = self._process.wait()
            self._kill()
        return status

    def _kill(self) -> None:
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(self.pid)], check=False, capture_output=True)  # noqa: S603, S607 - Windows' own, on our own child
            return
        # macOS forbids to kill a group whose members are all dead and not yet waited for.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def environment(temporary: Path) -> Mapping[str, str]:
    """All that a child sees of the worker's environment: no secrets, and a folder of its own for what is temporary."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = dict.fromkeys(OWN, str(temporary))
    return passed | own


def death(status: int) -> str:
    """How a program died, in words.

    >>> death(-9)
    'it was killed by SIGKILL, as the system does to what takes too much memory'
    >>> death(3)
    'it ended with status 3'
    """
    if status >= 0:
        return f"it ended with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    why = ", as the system does to what takes too much memory" if name == "SIGKILL" else ""
    return f"it was killed by {name}{why}"


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the process was started without this pipe")
    return pipe
