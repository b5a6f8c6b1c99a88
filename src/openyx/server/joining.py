"""A transport that sends the head of an answer with what follows: one packet, where there would be two."""

from __future__ import annotations

import asyncio
from typing import Any


class JoiningTransport:
    """Holds the head of an answer back until its body comes, or until :meth:`flush`; all else goes on at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self.is_closing = transport.is_closing  # asked so often that looking for it would be felt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send bytes, unless they are a whole head: that is sent with the next ones."""
        joined = self._head + data
        if _is_head(data):
            self._head = joined
        else:
            self._head = b""
            self._transport.write(joined)

    def flush(self) -> None:
        """Send a head that nothing has followed."""
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        """Close when all is sent."""
        self.flush()
        self._transport.close()


def _is_head(data: bytes) -> bool:
    # Who is told to go on waits for just that.
    return data.startswith(b"HTTP/1.1 ") and data.endswith(b"\r\n\r\n") and not data.startswith(b"HTTP/1.1 100")
