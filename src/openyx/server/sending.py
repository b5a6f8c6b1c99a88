"""Answers on their way out; a file bit by bit, for as long as somebody takes it and may have it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from openyx.server.receiving import Receive

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

ABORT = "openyx.abort"
"""The extension of a scope that ends its connection at once: a function."""

_CHUNK = 256 << 10
_LOOK = 1.0


async def send_file(
    read: Callable[[int], Awaitable[bytes]],
    left: int,
    receive: Receive,
    send: Send,
    *,
    recheck: Callable[[], Awaitable[None]],
) -> None:
    """Send *left* bytes of what is *read* as a body, unless the client leaves.

    *recheck* is called once a second, and what it raises breaks the body off.
    """
    gone = asyncio.ensure_future(_gone(receive))
    looked = time.monotonic()
    try:
        while left > 0 and not gone.done():
            chunk = await read(min(_CHUNK, left))
            if not chunk:
                break
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if time.monotonic() - looked > _LOOK:
                await recheck()
                looked = time.monotonic()
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
