"""HTTP/1.1 on a connection: uvicorn's protocol over httptools, with limits on size, number and slowness."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from openyx.server.joining import JoiningTransport
from openyx.server.sending import ABORT
from openyx.server.settings import Limits

_VERSION = version("openyx").encode()
_LONG = "The head of the request is too long."


def limited(limits: Limits) -> Callable[..., asyncio.Protocol]:
    """The protocol with these limits."""

    def made(*arguments: Any, **named: Any) -> asyncio.Protocol:
        return LimitedProtocol(limits, *arguments, **named)

    return made


class LimitedProtocol(HttpToolsProtocol):
    """Cuts off who sends too much, too slowly or nothing, who does not take the answer, and who is one too many.

    The bodies that somebody reads are limited where they are read.
    """

    def __init__(self, limits: Limits, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._limits = limits
        self._in_head = True
        self._size = 0
        """Bytes of the head, or of a body behind its answer, which nobody reads."""
        self._trailers = 0
        self._since = self.loop.time()
        self._due: asyncio.TimerHandle | None = None
        self._reader_due: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self._in_head and (self._cycle is None or self._cycle.response_complete)

    @property
    def worth(self) -> tuple[bool, float]:
        """Who is to stay when there is no room for all: who has asked something, and lately."""
        return self._cycle is not None, self._since

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # always a socket here
        """A client has connected; its first request is due. One that does nothing makes room when there is none."""
        self._joining = JoiningTransport(transport)
        super().connection_made(cast("Any", self._joining))
        self._expect()
        here = [each for each in self._others() if not each.transport.is_closing()]
        if len(here) < self._limits.connections:
            return
        if idle := [each for each in here if each.is_idle]:
            min(idle, key=lambda each: each.worth).transport.abort()
        else:
            self._refuse(503, "There are too many connections.")

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._rest()
        self._rest_reader()
        # Uvicorn waits for the next request even of those who broke off.
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have come; those of a head are counted, and a new head has to end in time."""
        if self._in_head or self._is_answered:
            self._size += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._size and self._due is None:
            self._expect()
        # What came with the end of a head belonged to the body in part; only a head that goes on is counted.
        if self._in_head and self._size > self._limits.head:
            self._refuse(431, _LONG)
        elif not self._in_head and self._is_answered and self._size > self._limits.body:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._trailers = True, 0
        self.scope["extensions"] = cast("Any", {ABORT: self.transport.abort})

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header has come, or one behind a body in pieces."""
        if not self._in_head:
            self._trailers += len(name) + len(value) + 4
            if self._trailers > self._limits.head:
                raise ValueError("the trailers of the request are too long")
            return
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A head has ended."""
        self._in_head = False
        self._rest()
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._size = 0
        if size > self._limits.head:
            self._refuse(431, _LONG)
            raise ValueError("the head of the request is too long")
        if len(self.headers) > self._limits.headers:
            self._refuse(431, f"The request has more than {self._limits.headers} headers.")
            raise ValueError("the request has too many headers")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request has ended; the next head may come."""
        super().on_message_complete()
        self._rest()
        self._in_head, self._size, self._since = True, 0, self.loop.time()

    def on_response_complete(self) -> None:
        """An answer has been written; what is left of its request is swallowed, for a while."""
        self._joining.flush()
        super().on_response_complete()
        self._since = self.loop.time()
        if self.transport.is_closing():
            self._expect()
        elif not self._in_head and self._is_answered:
            self._size = 0
            self._expect()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked; what was answered and not taken by now will not be."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """The client does not take what was written as fast as it is."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        super().resume_writing()
        self._rest_reader()

    def send_400_response(self, msg: str) -> None:
        """Tell that this is no HTTP, unless something was told already."""
        if not self.transport.is_closing():
            self._refuse(400, msg)

    @property
    def _cycle(self) -> RequestResponseCycle | None:
        """The last request; uvicorn does not say that there may be none yet."""
        return self.cycle

    @property
    def _is_answered(self) -> bool:
        return self._cycle is not None and self._cycle.response_complete

    def _others(self) -> list[LimitedProtocol]:
        return [each for each in self.connections if isinstance(each, LimitedProtocol) and each is not self]

    def _expect(self) -> None:
        """The head, the rest of a body that nobody reads, or an answer that is the last, must be over in time."""
        self._rest()
        self._due = self.loop.call_later(self._limits.patience, self.transport.abort)

    def _rest(self) -> None:
        if self._due:
            self._due.cancel()
            self._due = None

    def _watch_reader(self) -> None:
        """Look after a while whether enough has been taken meanwhile, and so on."""
        left = self.transport.get_write_buffer_size() - self._limits.patience * self._limits.slowest

        def look() -> None:
            if self.transport.get_write_buffer_size() > left:
                self.transport.abort()
            else:
                self._watch_reader()

        self._reader_due = self.loop.call_later(self._limits.patience, look)

    def _rest_reader(self) -> None:
        if self._reader_due:
            self._reader_due.cancel()
            self._reader_due = None

    def _refuse(self, status: int, text: str) -> None:
        lines = (
            b"content-type: text/plain; charset=utf-8",
            b"content-length: %d" % len(text),
            b"openyx-version: " + _VERSION,
            *((b"retry-after: 5",) if status == 503 else ()),
            b"connection: close",
            b"",
            text.encode("ascii"),
        )
        self.transport.write(STATUS_LINE[status] + b"\r\n".join(lines))
        self.transport.close()
        self._expect()
