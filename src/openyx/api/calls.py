"""What is asked of a server, described: calls, flows of calls and pauses, pages. Nothing here sends anything."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote, urlencode

from openyx.api.signing import encoded
from openyx.errors import AskedWrongly

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart upload: a text, or a file that is read while it is sent.

    ``progress`` is told the number of bytes sent so far.
    """

    name: str
    content: str | bytes | Path
    filename: str = ""
    content_type: str = "application/octet-stream"
    progress: Callable[[int], object] | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What is known of a body that went into a sink: the name the server gave it, its type and its size in bytes."""

    name: str
    content_type: str
    size: int


class Sink(Protocol):
    """Where the body of a download goes, chunk by chunk."""

    def begin(self, expected: int | None) -> None:
        """A body begins (again, after a retry); *expected* is its length in bytes where the server says so."""
        ...

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        ...


class Nothing:
    """The answer of a call that answers with an empty body."""


class Step:
    """What a flow asks its driver to do."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Call(Step, Generic[T]):
    """One exchange, described: nothing has been sent.

    ``answer`` is the type of the answer: a record, a list of them, ``str``, :class:`Nothing`, or :class:`Received` when
    the body goes into ``sink``. ``body`` becomes JSON, ``form`` a form, ``parts`` a multipart body. ``key`` is the
    idempotency key of a start; ``authorization`` takes the place of the driver's own;
    ``repeatable`` says whether sending it twice does what sending it once does; ``timeout`` is the longest time in
    seconds that it may take with all its repetitions, where the driver's own is too long.
    """

    answer: type[T]
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    body: object = None
    form: Mapping[str, str] | None = None
    parts: tuple[Part, ...] = ()
    sink: Sink | None = None
    key: str = ""
    authorization: str = field(default="", repr=False)
    method: str = ""
    path: str = ""
    gallery_path: str = ""
    repeatable: bool = True
    timeout: float | None = None

    def target(self, prefix: str, *, gallery: bool = False) -> str:
        """Path and query exactly as they go over the wire (and into a signature): RFC 3986, never a plus.

        *prefix* is the path of the family (``/webapi``, ``/gallery/api``); *gallery* asks for the form of the OAuth 1
        family, whose routes end with a slash.

        >>> Call(str, params={"search": "a b", "limit": None}, path="v1/jobs").target("/gallery/api", gallery=True)
        '/gallery/api/v1/jobs/?search=a%20b'
        """
        path = f"{prefix}/{self.gallery_path or self.path}/" if gallery else f"{prefix}/{self.path}"
        given = {name: _text(value) for name, value in self.params.items() if value is not None}
        return path + ("?" + urlencode(given, quote_via=quote, safe="~") if given else "")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Sleep(Step):
    """A pause in a flow, in seconds."""

    seconds: float


Flow = Generator[Step, Any, T]
Pages = Generator[Call[list[T]], list[T], None]


def send(call: Call[T]) -> Flow[T]:
    """Perform *call* inside a flow: ``job = yield from send(...)`` gives the answer its type."""
    answer: T = yield call
    return answer


def segment(value: object) -> str:
    """A value as one path segment; it cannot leave its place. Raises ``AskedWrongly`` for what would.

    >>> segment("a/b c")
    'a%2Fb%20c'
    """
    text = encoded(str(value))
    if text in ("", ".", ".."):
        raise AskedWrongly(f"{value!r} is no id: it cannot be part of an address")
    return text


def by_offset(page: Callable[[int, int], Call[list[T]]], *, size: int) -> Pages[T]:
    """Pages of *size* records by offset and limit, until one is short.

    A server that ignores the limit answers with everything at once, and a page of another length than asked for is the
    last. One that gives the same page again knows no paging: the repetition is dropped.
    """
    offset = 0
    first: T | None = None
    while True:
        records = yield page(offset, size)
        if offset and records and records[0] == first:
            records.clear()
        if len(records) != size:
            return
        first = records[0]
        offset += size


def gathered(pages: Pages[T]) -> Flow[list[T]]:
    """All records of *pages* at once, for use inside a flow."""
    found: list[T] = []
    records: list[T] | None = None
    while True:
        try:
            call = next(pages) if records is None else pages.send(records)
        except StopIteration:
            return found + (records or [])
        found += records or []
        records = yield from send(call)
