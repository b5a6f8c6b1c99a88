"""A real SFTP server of paramiko's, which counts its connections; only where paramiko is installed."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

USER, PASSWORD = "gallery", "a-secret-word"


class Sftp:
    """Serves a folder to one user, each connection in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._paramiko: Any = import_module("paramiko")  # which is not among what the tests need
        self._folder = folder
        self._key = self._paramiko.ECDSAKey.generate()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._connected: list[Any] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        """Where a gallery's files are, with the password."""
        return f"sftp://{USER}:{PASSWORD}@127.0.0.1:{self._listening.getsockname()[1]}/gallery"

    @property
    def connections(self) -> int:
        """How many there are."""
        return sum(each.is_active() for each in self._connected)

    @property
    def served(self) -> int:
        """How many there were."""
        return len(self._connected)

    def stop(self) -> None:
        """Take no more of them, and cut off those that there are."""
        self._listening.close()
        for each in self._connected:
            each.close()

    def _serve(self) -> None:
        with suppress(OSError):  # it is closed
            while True:
                connection, _ = self._listening.accept()
                transport = self._paramiko.Transport(connection)
                transport.add_server_key(self._key)
                files = _files(self._paramiko, self._folder)
                transport.set_subsystem_handler("sftp", self._paramiko.SFTPServer, files)
                transport.start_server(server=_door(self._paramiko), event=threading.Event())
                self._connected.append(transport)


@contextmanager
def sftp_server(folder: Path) -> Generator[Sftp]:
    """A server of that folder, for as long as a block runs."""
    folder.mkdir(exist_ok=True)
    server = Sftp(folder)
    try:
        yield server
    finally:
        server.stop()


def _door(paramiko: Any) -> Any:
    class Door(paramiko.ServerInterface):  # type: ignore[misc] # as its base
        """Lets one user in."""

        def check_auth_password(self, username: str, password: str) -> int:
            known = (username, password) == (USER, PASSWORD)
            return int(paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED)

        def check_channel_request(self, kind: str, chanid: int) -> int:
            return int(paramiko.OPEN_SUCCEEDED)

    return Door()


def _files(paramiko: Any, folder: Path) -> Any:
    def place(path: str) -> Path:
        return folder / path.lstrip("/")

    def done(call: Any, *arguments: object) -> Any:
        try:
            return call(*arguments)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def told(path: Path) -> Any:
        return paramiko.SFTPAttributes.from_stat(path.lstat(), path.name)

    class Files(paramiko.SFTPServerInterface):  # type: ignore[misc] # as its base
        """A folder as the whole of what there is."""

        def list_folder(self, path: str) -> Any:
            return done(lambda: [told(each) for each in place(path).iterdir()])

        def stat(self, path: str) -> Any:
            return done(told, place(path))

        lstat = stat

        def open(self, path: str, flags: int, attr: object) -> Any:
            def opened() -> Any:
                handle = paramiko.SFTPHandle(flags)
                mode = "r+b" if flags & (os.O_WRONLY | os.O_RDWR) else "rb"
                handle.readfile = handle.writefile = os.fdopen(os.open(place(path), flags, 0o600), mode)
                return handle

            return done(opened)

        def remove(self, path: str) -> Any:
            return done(os.unlink, place(path)) or paramiko.SFTP_OK

        def mkdir(self, path: str, attr: object) -> Any:
            return done(os.mkdir, place(path)) or paramiko.SFTP_OK

    return Files
