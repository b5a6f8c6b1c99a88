"""How the contract is written down: declared once, performed by a driver of either world.

An endpoint method returns a :class:`~openyx.api.calls.Call`. A flow is a generator that yields calls and pauses. Pages
are a generator that yields calls and gives the records of each on. A driver performs them, blocking or not, and so
``gallery.jobs.get(id)`` and ``await gallery.jobs.get(id)`` are one declaration.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import replace
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, get_type_hints, overload

from openyx.api.calls import Call, Flow, Pages, segment, send

T = TypeVar("T")
A = TypeVar("A")
P = ParamSpec("P")


class Sync:
    """The blocking world; exists for the type checker."""


class Async:
    """The asynchronous world; exists for the type checker."""


M = TypeVar("M", Sync, Async)


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

    @functools.cached_property
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
