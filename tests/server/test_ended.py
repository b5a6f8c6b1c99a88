"""Connections that have ended: nothing of them stays in memory, however they ended."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from openyx.server import Limits
from tests.server.conftest import Serve
from tests.server.support import Address

ASKED = b"GET /openyx/v1/health HTTP/1.1\r\nHost: a\r\n"
MANY = 30
LONG = 60.0
"""Seconds that nothing here needs; less than the server waits for the next request of who has gone."""


@pytest.fixture
def gallery(serve: Serve) -> Address:
    return serve(limits=Limits(patience=3600))


@pytest.mark.parametrize(
    "sent", [ASKED + b"Connection: close\r\n\r\n", b"rubbish\r\n\r\n"], ids=["answered", "refused"]
)
def test_those_that_the_server_ended_are_forgotten(gallery: Address, sent: bytes) -> None:
    before = transports()
    for _ in range(MANY):
        with closing(connected(gallery)) as connection:
            connection.sendall(sent)
            assert heard(connection).startswith(b"HTTP/1.1 ")
    wait_until_no_more_than(before)


def test_those_that_the_client_broke_off_are_forgotten(gallery: Address) -> None:
    before = transports()
    for _ in range(MANY):
        with closing(connected(gallery)) as connection:
            connection.sendall(ASKED + b"\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            # Closed like this a connection is reset.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until_no_more_than(before)


def connected(gallery: Address) -> socket.socket:
    parts = urlsplit(gallery.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=LONG)


def heard(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    found = b""
    while piece := connection.recv(65536):
        found += piece
    return found


def transports() -> int:
    """How many connections of servers in this process are in memory."""
    gc.collect()
    return sum(isinstance(each, asyncio.Transport) for each in gc.get_objects())


def wait_until_no_more_than(before: int) -> None:
    deadline = time.monotonic() + LONG
    while transports() > before:
        assert time.monotonic() < deadline, f"{transports() - before} of {MANY} are kept"
        time.sleep(0.05)
