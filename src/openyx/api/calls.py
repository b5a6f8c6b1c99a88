"""How the contract is written down: a call is described once, and performed by a driver of either world.

An endpoint method returns a :class:`Call`. A flow is a generator that yields calls and pauses. Pages are a generator
that yields calls and gives the records of each on. None of them sends anything: a driver does, blocking or not, and so
``gallery.jobs.get(id)`` and ``await gallery.jobs.get(id)`` are one declaration.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, get_type_hints, overload
from urllib.parse import quote, urlencode

from openyx.api.signing import encoded
from openyx.errors import AskedWrongly

T = TypeVar("T")
A = TypeVar("A")
P = ParamSpec("P")


class Sync:
    """The blocking world; exists for the type checker."""


class Async:
    """The asynchronous world; exists for the type checker."""


M = TypeVar("M", Sync, Async)


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


class Driver(Protocol):
    """Performs flows and pages, in one of the worlds."""

    def run(self, flow: Flow[Any]) -> Any:
        """Perform a flow; the result, or an awaitable of it."""
        ...

    def pages(self, pages: Pages[Any]) -> Any:
        """Perform pages; an iterator of the records, or an asynchronous one."""
        ...


class Bound(Generic[M]):
    """Something that a driver stands behind: a resource of the contract, or a handle of the client."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver


class Resource(Bound[M]):
    """The endpoints of one resource."""


class Endpoint(Generic[P, T]):
    """A method of the contract: its route, what it sends and what it answers."""

    def __init__(self, route: str, build: Callable[Concatenate[Any, P], Call[T]], gallery: str = "") -> None:
        self.method, self.path = route.split(" ")
        self.gallery_path = gallery
        self.name = build.__name__
        self.__doc__ = build.__doc__
        self._build = build
        code = build.__code__
        self._names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        self._in_path = tuple(name for name in self._names if "{" + name + "}" in self.path)

    @property
    def version(self) -> str:
        """The generation that the route belongs to: ``v1``, ``v3``, ``openyx`` …"""
        return self.path.partition("/")[0]

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The method's parameters without ``self``, by name."""
        return {name: each for name, each in inspect.signature(self._build).parameters.items() if name != "self"}

    @functools.cached_property
    def answer(self) -> Any:
        """The type of the answer, as declared: the ``T`` of ``Call[T]``."""
        return get_type_hints(self._build)["return"].__args__[0]

    def call(self, *args: P.args, **kwargs: P.kwargs) -> Call[T]:
        """The call with these arguments, with its method and path filled in."""
        made = self._build(None, *args, **kwargs)
        path, gallery_path = self.path, self.gallery_path
        if self._in_path:
            given = {**dict(zip(self._names, args, strict=False)), **kwargs}
            names = {name: segment(given[name]) for name in self._in_path}
            path, gallery_path = path.format(**names), gallery_path.format(**names)
        return replace(
            made,
            method=self.method,
            path=path,
            gallery_path=gallery_path,
            repeatable=made.repeatable and self.method != "POST",
        )

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Bound[Sync], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: Bound[Async], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        if obj is None:
            return self

        @functools.wraps(self._build)
        def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return obj._driver.run(send(self.call(*args, **kwargs)))

        return bound


def endpoint(route: str, *, gallery: str = "") -> Callable[[Callable[Concatenate[Any, P], Call[T]]], Endpoint[P, T]]:
    """Declare an endpoint: ``@endpoint("GET v3/jobs/{job_id}")``.

    *gallery* is the path under OAuth 1 where that differs.
    """

    def declared(build: Callable[Concatenate[Any, P], Call[T]]) -> Endpoint[P, T]:
        return Endpoint(route, build, gallery)

    return declared


class FlowMethod(Generic[A, P, T]):
    """A method of several exchanges and pauses."""

    def __init__(self, steps: Callable[Concatenate[A, P], Flow[T]]) -> None:
        self._steps = steps
        self.__doc__ = steps.__doc__

    def within(self, obj: A, *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
        """The method's steps, for use inside another flow: ``yield from Job.wait.within(job)``."""
        return self._steps(obj, *args, **kwargs)

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Bound[Sync], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: Bound[Async], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        if obj is None:
            return self

        @functools.wraps(self._steps)
        def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return obj._driver.run(self._steps(obj, *args, **kwargs))

        return bound


def flow(steps: Callable[Concatenate[A, P], Flow[T]]) -> FlowMethod[A, P, T]:
    """Declare a method of several steps around a generator."""
    return FlowMethod(steps)


class FlowProperty(Generic[A, T]):
    """A value that is fetched: read in one world, awaited in the other."""

    def __init__(self, steps: Callable[[A], Flow[T]]) -> None:
        self._steps = steps
        self.__doc__ = steps.__doc__

    def within(self, obj: A) -> Flow[T]:
        """The steps that fetch it, for use inside a flow."""
        return self._steps(obj)

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Bound[Sync], owner: type) -> T: ...
    @overload
    def __get__(self, obj: Bound[Async], owner: type) -> Coroutine[Any, Any, T]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        return self if obj is None else obj._driver.run(self._steps(obj))


def fetched(steps: Callable[[A], Flow[T]]) -> FlowProperty[A, T]:
    """Declare a value that is fetched: ``workflow.questions``, ``await workflow.questions``."""
    return FlowProperty(steps)


class PagedMethod(Generic[A, P, T]):
    """A method that gives the records of several pages, one by one."""

    def __init__(self, pages: Callable[Concatenate[A, P], Pages[T]]) -> None:
        self._pages = pages
        self.__doc__ = pages.__doc__

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Bound[Sync], owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, obj: Bound[Async], owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        if obj is None:
            return self

        @functools.wraps(self._pages)
        def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return obj._driver.pages(self._pages(obj, *args, **kwargs))

        return bound


def paged(pages: Callable[Concatenate[A, P], Pages[T]]) -> PagedMethod[A, P, T]:
    """Declare a method over pages: the generator yields a call for each page and is sent its records.

    What is in the list when the generator goes on, or ends, is given to the caller.
    """
    return PagedMethod(pages)


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
