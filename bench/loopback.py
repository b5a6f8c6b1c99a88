"""A trivial server on loopback: it reads a request's head and sends one fixed answer, so that clients can be timed."""

from __future__ import annotations

import multiprocessing
import socketserver
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import ClassVar

JOB = (
    b'{"id":"61031c712c4200001d000001","appId":"57acaca4065e3f26a82b0001","createDate":"2021-07-29T21:11:29.101Z",'
    b'"status":"Completed","disposition":"Success","outputs":[],"messages":[],"priority":"Low","workerTag":""}'
)


class _Handler(socketserver.StreamRequestHandler):
    answers: ClassVar[Mapping[str, bytes]] = {}

    def handle(self) -> None:
        """Answer one request after the other, as long as the connection stands."""
        while line := self.rfile.readline():
            path = line.split(b" ")[1].decode()
            length = 0
            while (header := self.rfile.readline()) not in (b"\r\n", b""):
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            self.rfile.read(length)
            body = next((body for part, body in self.answers.items() if part in path), b"{}")
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )


def _serve(answers: Mapping[str, bytes], ready: Connection) -> None:
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 256

    _Handler.answers = answers
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
