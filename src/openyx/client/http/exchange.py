"""One exchange over HTTP as the drivers perform it: what is sent, and what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from openyx.api.calls import Flow, Sink, Step
from openyx.client.http.uploading import Upload


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Transmit(Step):
    """Send one request. It prints without its query and headers, which may hold a signature or a token.

    ``seconds`` is the longest time for the whole exchange; a body that goes into a ``sink`` may take longer.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Upload = b""
    sink: Sink | None = None
    seconds: float

    def __repr__(self) -> str:
        return f"<{self.method} {self.place}>"

    @property
    def place(self) -> str:
        """The address without its query."""
        return urlsplit(self.url)._replace(query="", fragment="").geturl()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered; ``size`` counts the bytes of a body that went into a sink."""

    status: int
    headers: Headers
    content: bytes = field(repr=False)
    size: int | None = None


class Headers(dict[str, str]):
    """Headers by their names in lower case."""

    @classmethod
    def of(cls, raw: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Headers as they came over the wire; of several of one name the last counts."""
        return cls({name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw})

    def first(self, name: str) -> str:
        """The header's value, or nothing."""
        return self.get(name, "")


@dataclass(frozen=True, slots=True)
class Exclusively(Step):
    """Perform a flow while no other of the same client is performed so: one refresh, one probe at a time."""

    steps: Callable[[], Flow[Any]]
