"""HTTP/1.1 on a connection: uvicorn's protocol over httptools, with limits on the head of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from openyx.server.settings import Limits

_VERSION = version("openyx").encode()


def limited(limits: Limits) -> Callable[..., asyncio.Protocol]:
    """The protocol with these limits."""

    def made(*arguments: Any, **named: Any) -> asyncio.Protocol:
        return LimitedProtocol(limits, *arguments, **named)

    return made


class LimitedProtocol(HttpToolsProtocol):
    """Cuts off a request whose head is too long, or does not end in time."""

    def __init__(self, limits: Limits, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._limits = limits
        self._head = 0
        self._in_head = True
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # always a socket here
        """A client has connected; its first request is due."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have come; those of a head are counted, and a new head has to end in time."""
        if self._in_head:
            self._head += len(data)
            if self._timer is None:
                self._expect()
        super().data_received(data)
        # What came with the end of a head belonged to the body in part; only a head that goes on is counted.
        if self._in_head and self._head > self._limits.head and not self.transport.is_closing():
            self._refuse(431, "The head of the request is too long.")

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """A head has ended."""
        self._in_head = False
        self._rest()
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._head = 0
        if size > self._limits.head:
            self._refuse(431, "The head of the request is too long.")
            raise ValueError("the head of the request is too long")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request has ended; the next head may come."""
        super().on_message_complete()
        self._in_head, self._head = True, 0

    def send_400_response(self, msg: str) -> None:
        """Tell that this is no HTTP, unless something was told already."""
        if not self.transport.is_closing():
            self._refuse(400, msg)

    def _expect(self) -> None:
        self._timer = self.loop.call_later(self._limits.patience, self._late)

    def _rest(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self._in_head and not self.transport.is_closing():
            self.transport.close()

    def _refuse(self, status: int, text: str) -> None:
        lines = (
            b"content-type: text/plain; charset=utf-8",
            b"content-length: %d" % len(text),
            b"openyx-version: " + _VERSION,
            b"connection: close",
            b"",
            text.encode("ascii"),
        )
        self.transport.write(STATUS_LINE[status] + b"\r\n".join(lines))
        self.transport.close()
