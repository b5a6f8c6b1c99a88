"""Clients on loopback that cost little: each connection sends the same request again as soon as it is answered."""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    received: bytes = b""


@dataclass(frozen=True, slots=True)
class Driven:
    """How long it took, in seconds, and the milliseconds from each request to its answer."""

    seconds: float
    waits: list[float] = field(default_factory=list[float])


def request(method: str, url: str, *, token: str = "", body: bytes = b"") -> bytes:
    """A whole request."""
    parts = urlsplit(url)
    head = [f"{method} {parts.path}{'?' + parts.query if parts.query else ''} HTTP/1.1", f"Host: {parts.netloc}"]
    if token:
        head.append(f"Authorization: Bearer {token}")
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


def drive(url: str, sent: bytes, *, times: int, clients: int) -> Driven:
    """Send a request so often, over so many connections. Raises ``RuntimeError`` for an answer that is no 2xx."""
    parts = urlsplit(url)
    begun: dict[int, float] = {}
    waits: list[float] = []
    with selectors.DefaultSelector() as ready:
        for _ in range(clients):
            made = socket.create_connection((parts.hostname or "", parts.port or 80))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(made, selectors.EVENT_READ, _Connection(made))
        start = time.perf_counter()
        left = times
        for key in list(ready.get_map().values()):
            left -= _send(key.data, sent, begun)
        while len(waits) < times:
            for key, _ in ready.select():
                connection: _Connection = key.data
                if not _answered(connection):
                    continue
                waits.append((time.perf_counter() - begun[connection.socket.fileno()]) * 1000)
                if left > 0:
                    left -= _send(connection, sent, begun)
        seconds = time.perf_counter() - start
        for key in list(ready.get_map().values()):
            key.data.socket.close()
    return Driven(seconds, waits)


def _send(connection: _Connection, sent: bytes, begun: dict[int, float]) -> int:
    begun[connection.socket.fileno()] = time.perf_counter()
    connection.socket.sendall(sent)
    return 1


def _answered(connection: _Connection) -> bool:
    """Read what is there; whether the answer is whole."""
    connection.received += connection.socket.recv(1 << 20)
    head, end, body = connection.received.partition(b"\r\n\r\n")
    if not end:
        return False
    _, _, rest = head.lower().partition(b"content-length:")
    if len(body) < int(rest.split(b"\r\n", 1)[0]):
        return False
    if not head.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(f"{head.decode()}\n{body.decode()}")
    connection.received = b""
    return True
