"""A wire that can be cut: a proxy on loopback that forwards, stands still, or refuses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Self

_BLINK = 0.1


class Wire:
    """Forwards connections to an address while it is whole."""

    def __init__(self, to: tuple[str, int]) -> None:
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._flows = threading.Event()
        self._flows.set()
        self._over = threading.Event()
        self._refuses = False
        self._ends: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    @classmethod
    @contextmanager
    def strung(cls, to: tuple[str, int]) -> Generator[Self]:
        """A wire for the length of a block."""
        wire = cls(to)
        accepting = threading.Thread(target=wire._accept)
        accepting.start()
        try:
            yield wire
        finally:
            wire._over.set()
            wire._flows.set()
            wire.cut()
            accepting.join()
            for thread in wire._threads:
                thread.join()
            wire._listener.close()

    def hold(self) -> None:
        """Nothing gets through, and nobody is told."""
        self._flows.clear()

    def cut(self) -> None:
        """All connections end, and no new one is made."""
        self._refuses = True
        for end in list(self._ends):
            _end(end)
        self._flows.set()

    def mend(self) -> None:
        """New connections are made again."""
        self._refuses = False

    def _accept(self) -> None:
        self._listener.settimeout(_BLINK)
        while not self._over.is_set():
            with suppress(TimeoutError):
                near, _ = self._listener.accept()
                near.settimeout(None)
                self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        if self._refuses:
            near.close()
            return
        far = socket.create_connection(self._to)
        self._ends |= {near, far}
        for one, other in ((near, far), (far, near)):
            thread = threading.Thread(target=self._forward, args=(one, other))
            thread.start()
            self._threads.append(thread)

    def _forward(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):  # it was cut
            while (heard := one.recv(1 << 16)) and self._flows.wait():
                other.sendall(heard)
        for end in (one, other):
            _end(end)
        if self._flows.is_set():
            self._ends.discard(one)
        one.close()


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
