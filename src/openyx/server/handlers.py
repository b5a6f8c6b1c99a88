"""How an endpoint of the contract gets its handler: a function of the same parameters, found by looking.

``@handles`` takes a function that answers with the declared record, ``@writes`` one that does so within a transaction,
all that it reads and writes being of that one, ``@sends`` one that answers with a file,
``@speaks`` one that reads the request and writes the answer itself, before anybody is let in, ``@admits`` one that
does so with the credentials in it, ``@tells`` one that knows its answer whatever is asked. The first three are called
with a :class:`Request` and the arguments of the endpoint. All may block, for they are called in a thread, but for what
``@tells`` takes; what ``@writes`` takes may block only for the store.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Concatenate, ParamSpec, TypeVar, cast, get_type_hints

import openyx.server
from openyx.api.calls import Part, Received
from openyx.api.contract import endpoints
from openyx.api.declaring import Endpoint
from openyx.queue import Queue
from openyx.server.asked import Asked
from openyx.server.compat import Shape
from openyx.server.door import Door
from openyx.server.exchange import Incoming, Reply
from openyx.server.settings import Settings
from openyx.store import Key, KeyKind, Role, Sight, Store, User

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking: a key and its user, and what they may see."""

    key: Key
    user: User
    sight: Sight

    @property
    def is_curator(self) -> bool:
        """Whether everything is the caller's to see and to do."""
        return self.key.kind is KeyKind.USER and self.user.role is Role.CURATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a handler works with; the ``notes`` of one that writes are told to the log with the request."""

    store: Store
    queue: Queue
    asked: Asked
    settings: Settings
    caller: Caller
    shape: Shape
    notes: dict[str, object] = field(default_factory=dict[str, object])


class Kind(Enum):
    """What a handler answers with."""

    RECORD = "record"
    WRITTEN = "written"
    FILE = "file"
    REPLY = "reply"
    KNOWN = "known"
    ADMISSION = "admission"


class Handler:
    """A function that serves an endpoint."""

    def __init__(self, endpoint: Endpoint[..., Any], function: Callable[..., Any], kind: Kind) -> None:
        self.endpoint = endpoint
        self.function = function
        self.kind = kind

    @functools.cached_property
    def hints(self) -> Mapping[str, Any]:
        """The types of the function's parameters."""
        return get_type_hints(self.function)

    @functools.cached_property
    def takes_parts(self) -> bool:
        """Whether the body is a multipart upload."""
        return Part in self.hints.values()

    @functools.cached_property
    def takes_body(self) -> bool:
        """Whether there is a body to be read whole."""
        return "body" in self.hints

    def __str__(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"


def handles(endpoint: Endpoint[P, T]) -> Callable[[Callable[Concatenate[Request, P], T]], Handler]:
    """The function answers an endpoint with its record."""
    return lambda function: Handler(endpoint, function, Kind.RECORD)


def writes(endpoint: Endpoint[P, T]) -> Callable[[Callable[Concatenate[Request, P], T]], Handler]:
    """The function answers an endpoint with its record, within a durable transaction that others may share.

    It may be called again; what it wrote before is undone then. What takes its time it leaves to others: Unprepared,
    Elsewhere.
    """
    return lambda function: Handler(endpoint, function, Kind.WRITTEN)


def sends(endpoint: Endpoint[P, Received]) -> Callable[[Callable[..., Reply]], Handler]:
    """The function answers an endpoint with a file; it takes the endpoint's parameters without the sink."""
    return lambda function: Handler(endpoint, function, Kind.FILE)


def speaks(endpoint: Endpoint[P, T]) -> Callable[[Callable[[Store, Incoming, bytes], Reply]], Handler]:
    """The function reads the request to an open endpoint and writes the answer itself.

    The body of the request is read when its last parameter is called ``body``; else there is none.
    """
    return lambda function: Handler(endpoint, function, Kind.REPLY)


def tells(endpoint: Endpoint[P, T]) -> Callable[[Callable[[], Reply]], Handler]:
    """The function answers an open endpoint at once, without waiting for anything."""
    return lambda function: Handler(endpoint, function, Kind.KNOWN)


def admits(endpoint: Endpoint[P, T]) -> Callable[[Callable[[Door, Incoming, bytes], Reply]], Handler]:
    """The function reads the credentials in a request to an open endpoint and writes the answer itself."""
    return lambda function: Handler(endpoint, function, Kind.ADMISSION)


@functools.cache
def handlers() -> Mapping[Endpoint[..., Any], Handler]:
    """All handlers by endpoint.

    Raises ``RuntimeError`` when two claim one endpoint, when one has other parameters, or when there is none.
    """
    found: dict[Endpoint[..., Any], Handler] = {}
    for handler in _found():
        other = found.setdefault(handler.endpoint, handler)
        if other is not handler:
            raise RuntimeError(f"{handler.endpoint.method} {handler.endpoint.path}: claimed by {other} and {handler}")
        _check(handler)
    if not found:
        raise RuntimeError("no handler was found")
    return found


def unhandled() -> list[str]:
    """The endpoints of the contract that nobody serves."""
    return [str(declared) for declared in endpoints() if declared.endpoint not in handlers()]


def _check(handler: Handler) -> None:
    if handler.kind in (Kind.REPLY, Kind.KNOWN, Kind.ADMISSION):
        return
    wanted = {name for name in handler.endpoint.parameters if name != "sink"}
    taken = {name for name in handler.hints if name not in ("request", "sink", "return")}
    if wanted != taken:
        raise RuntimeError(f"{handler} takes {sorted(taken)}, its endpoint {sorted(wanted)}")


def _found() -> Iterator[Handler]:
    for info in pkgutil.walk_packages(openyx.server.__path__, "openyx.server."):
        module = importlib.import_module(info.name)
        for member in cast("dict[str, object]", vars(module)).values():
            if isinstance(member, Handler) and member.function.__module__ == module.__name__:
                yield member
