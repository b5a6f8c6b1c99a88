"""What goes in and out: a request as it came over the wire, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import quote

from openyx.api.wire import encode

JSON = "application/json; charset=utf-8"
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request without its body; path and query are as they were sent, nothing decoded, nothing folded."""

    method: str
    path: str
    query: str = ""
    scheme: str = "http"
    peer: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> Incoming:
        """The request that an ASGI scope describes."""
        return cls(
            method=scope["method"],
            path=(scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            scheme=scope["scheme"],
            peer=scope["client"][0] if scope.get("client") else "",
            fields=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        )

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or nothing."""
        for field_name, value in self.fields:
            if field_name == name:
                return value
        return ""

    def headers(self, name: str) -> Iterator[str]:
        """All headers of that (lower-case) name."""
        return (value for field_name, value in self.fields if field_name == name)

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer: bytes, or an open file of *size* bytes that is sent bit by bit and closed.

    ``recheck`` is called now and then while a file is sent; NotLetIn breaks it off. The ``notes`` are for the log.
    """

    status: int = 200
    content: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    file: BinaryIO | None = None
    size: int = 0
    recheck: Callable[[], object] | None = None
    notes: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def length(self) -> int:
        """The length of the body in bytes."""
        return self.size if self.file else len(self.content)

    def head(self, extra: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
        """The headers as they go over the wire."""
        pairs = [("content-type", self.content_type)] if self.length else []
        pairs += [("content-length", str(self.length)), *self.headers.items(), *extra]
        return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON."""
    return Reply(status=status, content=encode(value), headers=headers or {})
