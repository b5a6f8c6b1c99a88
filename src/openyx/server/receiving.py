"""Bodies as they arrive: bounded in size, and in the time that one waits for the next piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from openyx.errors import BadRequest
from openyx.server.exchange import Incoming
from openyx.server.settings import Limits
from openyx.server.uploads import too_large

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_PIECE = 1 << 20


class Disconnected(Exception):
    """Nobody waits for the answer any more."""


class Body:
    """The body of a request."""

    def __init__(self, incoming: Incoming, receive: Receive, limits: Limits) -> None:
        self._declared = _declared(incoming)
        self._receive = receive
        self._limits = limits

    async def whole(self) -> bytes:
        """All of it; BadRequest when it is too large for that."""
        limit = self._limits.body
        if self._declared > limit:
            raise too_large(limit)
        found = bytearray()
        async for piece in self._pieces():
            found += piece
            if len(found) > limit:
                raise too_large(limit)
        return bytes(found)

    async def portions(self) -> AsyncIterator[bytes]:
        """It in portions of about a megabyte; BadRequest when its declared length is too large."""
        if self._declared > self._limits.upload:
            raise too_large(self._limits.upload)
        portion = bytearray()
        async for piece in self._pieces():
            portion += piece
            if len(portion) >= _PIECE:
                yield bytes(portion)
                portion.clear()
        yield bytes(portion)

    async def _pieces(self) -> AsyncIterator[bytes]:
        while True:
            try:
                message = await asyncio.wait_for(self._receive(), self._limits.patience)
            except TimeoutError:
                text = f"Nothing came for {self._limits.patience:g} seconds; the body is not complete."
                raise BadRequest(text, status=408) from None
            if message["type"] == "http.disconnect":
                raise Disconnected
            yield message.get("body", b"")
            if not message.get("more_body", False):
                return


def _declared(incoming: Incoming) -> int:
    text = incoming.header("content-length")
    return int(text) if text.isascii() and text.isdigit() else 0
