"""Bodies as they arrive: bounded in size, in the time that one waits for the next piece, and in slowness."""

from __future__ import annotations

import asyncio
import time
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
        self._waited, self._come = 0.0, 0

    async def whole(self, limit: int) -> bytes:
        """All of it; BadRequest when it is larger than *limit*."""
        if self._declared > limit:
            raise too_large(limit)
        found, more = await self._piece()
        if more:
            grown = bytearray(found)
            while more and len(grown) <= limit:
                piece, more = await self._piece()
                grown += piece
            found = bytes(grown)
        if len(found) > limit:
            raise too_large(limit)
        return found

    async def portions(self) -> AsyncIterator[bytes]:
        """It in portions of about a megabyte; BadRequest when its declared length is too large."""
        if self._declared > self._limits.upload:
            raise too_large(self._limits.upload)
        portion, more = bytearray(), True
        while more:
            piece, more = await self._piece()
            portion += piece
            if len(portion) >= _PIECE:
                yield bytes(portion)
                portion.clear()
        yield bytes(portion)

    async def _piece(self) -> tuple[bytes, bool]:
        """The next piece, and whether there are more."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._allowed()):
                message = await self._receive()
        except TimeoutError:
            raise BadRequest("The body comes too slowly, or not at all.", status=408) from None
        self._waited += time.monotonic() - began
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece: bytes = message.get("body", b"")
        self._come += len(piece)
        return piece, message.get("more_body", False)

    def _allowed(self) -> float:
        """How many seconds the next piece may take; only what was spent with waiting counts."""
        patience = self._limits.patience
        return min(patience, max(0.0, patience + self._come / self._limits.slowest - self._waited))


def _declared(incoming: Incoming) -> int:
    text = incoming.header("content-length")
    return int(text) if text.isascii() and text.isdigit() else 0
