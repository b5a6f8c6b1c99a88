"""A real FTP server in a process of its own, that can go away and come back: ``python -m tests.ftp …``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

USER, PASSWORD = "gallery", "a-secret-word"
_MAY = "elradfmwMT"
_TRIES = 100
_OLD = "old"


class Ftp:
    """Serves a folder to one user; an old one (not *exact*) says of its files' times only what people read."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", exact: bool = True) -> None:
        self.folder = folder
        self._host = host
        self._exact = exact
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where a gallery's files are, with the password."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"ftp://{USER}:{PASSWORD}@{host}:{self._port}/gallery"

    def start(self) -> None:
        """Serve, at the same port as before, once nobody else has it; RuntimeError where that cannot be."""
        more = [] if self._exact else [_OLD]
        command = [sys.executable, "-m", "tests.ftp", self._host, str(self._port), str(self.folder), *more]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        why = ""
        with TemporaryFile("w+") as said:
            for _ in range(_TRIES):
                self._process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=said, text=True)
                assert self._process.stdout is not None
                if told := self._process.stdout.readline():
                    self._port = int(told)
                    return
                self._process.communicate()
                said.seek(0)
                if "Address already in use" not in (why := said.read()):
                    break
            raise RuntimeError(f"no FTP server starts at {self._host}, port {self._port}: {why}")

    def stop(self) -> None:
        """Go away: whoever is connected is cut off."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextmanager
def ftp_server(folder: Path, *, host: str = "127.0.0.1", exact: bool = True) -> Generator[Ftp]:
    """A server of that folder, for as long as a block runs."""
    folder.mkdir(exist_ok=True)
    server = Ftp(folder, host=host, exact=exact)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def serve(host: str, port: str, folder: str, *old: str) -> None:
    """Serve until killed; the port is printed."""
    # The library has no types.
    users: Any = import_module("pyftpdlib.authorizers").DummyAuthorizer()
    users.add_user(USER, PASSWORD, folder, perm=_MAY)
    handler: Any = import_module("pyftpdlib.handlers").FTPHandler
    handler.authorizer = users
    if old:
        handler.proto_cmds = {name: known for name, known in handler.proto_cmds.items() if name != "MLSD"}
    server: Any = import_module("pyftpdlib.servers").ThreadedFTPServer((host, int(port)), handler)
    sys.stdout.write(f"{server.address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(*sys.argv[1:])
