"""A trivial server on loopback: it reads a request's head and sends one fixed answer, so that clients can be timed."""

from __future__ import annotations

import multiprocessing
import socket
import socketserver
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import ClassVar, cast

JOB = (
    b'{"id":"61031c712c4200001d000001","appId":"57acaca4065e3f26a82b0001","createDate":"2021-07-29T21:11:29.101Z",'
    b'"status":"Completed","disposition":"Success","outputs":[],"messages":[],"priority":"Low","workerTag":""}'
)


class _Handler(socketserver.BaseRequestHandler):
    answers: ClassVar[Mapping[bytes, bytes]] = {}

    def handle(self) -> None:
        """Answer one request after the other, as long as the connection stands."""
        connection = cast("socket.socket", self.request)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
            head, end, body = received.partition(b"\r\n\r\n")
            if not end or len(body) < _length(head):
                continue
            received = b""
            path = head.split(b" ", 2)[1]
            connection.sendall(next((answer for part, answer in self.answers.items() if part in path), b""))


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


def _answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _serve(answers: Mapping[str, bytes], ready: Connection) -> None:
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 256

    _Handler.answers = {part.encode(): _answer(body) for part, body in answers.items()}
    with Server(("127.0.0.1", 0), _Handler) as server:
        ready.send(server.server_address[1])
        server.serve_forever()


@contextmanager
def server(answers: Mapping[str, bytes]) -> Generator[str]:
    """The address of a server in a process of its own; *answers* are chosen by a part of the request's path."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(answers, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()
