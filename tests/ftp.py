"""A real FTP server in a process of its own, that can go away and come back: ``python -m tests.ftp FOLDER PORT``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

USER, PASSWORD = "gallery", "a-secret-word"
_MAY = "elradfmwMT"
_TRIES = 100


class Ftp:
    """Serves a folder to one user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where a gallery's files are, with the password."""
        return f"ftp://{USER}:{PASSWORD}@127.0.0.1:{self._port}/gallery"

    def start(self) -> None:
        """Serve, at the same port as before, once nobody else has it."""
        command = [sys.executable, "-m", "tests.ftp", str(self.folder), str(self._port)]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        told = ""
        for _ in range(_TRIES):
            self._process = subprocess.Popen(
                command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            assert self._process.stdout is not None
            if told := self._process.stdout.readline():
                break
            self._process.communicate()
        self._port = int(told)

    def stop(self) -> None:
        """Go away: whoever is connected is cut off."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextmanager
def ftp_server(folder: Path) -> Generator[Ftp]:
    """A server of that folder, for as long as a block runs."""
    folder.mkdir(exist_ok=True)
    server = Ftp(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def serve(folder: str, port: str) -> None:
    """Serve until killed; the port is printed."""
    # The library has no types.
    users: Any = import_module("pyftpdlib.authorizers").DummyAuthorizer()
    users.add_user(USER, PASSWORD, folder, perm=_MAY)
    handler: Any = import_module("pyftpdlib.handlers").FTPHandler
    handler.authorizer = users
    server: Any = import_module("pyftpdlib.servers").ThreadedFTPServer(("127.0.0.1", int(port)), handler)
    sys.stdout.write(f"{server.address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(*sys.argv[1:])
