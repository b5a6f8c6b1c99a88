"""A terminal with a command in it: what is shown is read, and keys are pressed, until the command ends."""

from __future__ import annotations

import os
import re
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

PATIENCE = 30.0
_STEERING = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>()][0B]?|\x1b\][^\x07]*\x07|\r")


class Terminal:
    """Runs a command with a terminal as its input, output and errors."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], *, columns: int = 120) -> None:
        self._master, slave = os.openpty()
        sized = {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "50"}
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(env) | sized,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(slave)
        self.seen = b""
        self._from = 0

    @property
    def text(self) -> str:
        """All that was shown, without what steers the terminal."""
        return _STEERING.sub(b"", self.seen).decode(errors="replace")

    def expect(self, text: str) -> None:
        """Wait until *text* is shown (again, after what was expected before)."""
        until = time.monotonic() + PATIENCE
        while text not in self.text[self._from :]:
            if time.monotonic() > until or not self._read(until):
                raise AssertionError(f"{text!r} was not shown after {self._from}:\n{self.text}")
        self._from = self.text.index(text, self._from) + len(text)

    def press(self, text: str) -> None:
        """Press keys; a line break is the Enter key."""
        os.write(self._master, text.replace("\n", "\r").encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._master, b"\x03")

    def end(self) -> int:
        """Read on until the command ends; its exit status."""
        until = time.monotonic() + PATIENCE
        while self._read(until):
            pass
        return self._process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def _read(self, until: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(until - time.monotonic(), 0))
        try:
            chunk = os.read(self._master, 65536) if ready else b""
        except OSError:  # the other side is closed
            return False
        # A line editor asks where the cursor is, and waits for the answer.
        for _ in range(chunk.count(b"\x1b[6n")):
            os.write(self._master, b"\x1b[1;1R")
        self.seen += chunk
        return bool(chunk)


def _own_terminal() -> None:
    """Make the terminal the session's own, so that Ctrl-C reaches the command."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
