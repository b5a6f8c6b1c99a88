"""From a request to the arguments of its endpoint: path, query, header and body, each converted or refused."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec

from openyx.api.calls import Part
from openyx.api.declaring import Endpoint
from openyx.api.signing import parameters
from openyx.api.wire import Record
from openyx.server.bodies import read_body
from openyx.server.exchange import Incoming
from openyx.server.failures import Unfit
from openyx.server.handlers import Handler
from openyx.server.settings import LONGEST_NAME

IDEMPOTENCY = "idempotency-key"
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}

Arguments = tuple[tuple[Any, ...], dict[str, Any]]
"""The arguments of a function by position, and those by name."""

Reader = Callable[[str, str], Any]


def bound(
    handler: Handler, path: Mapping[str, str], incoming: Incoming, *, body: bytes = b"", parts: tuple[Part, ...] = ()
) -> Arguments:
    """The arguments of a handler's function, after the request itself.

    An empty value in the query is none; unknown names there are nobody's business. Raises ``Unfit`` for a value that
    is not what the endpoint takes.
    """
    query = queried(incoming.query) if incoming.query else {}
    given: dict[str, Any] = {}
    for name, kind in _members(handler):
        if isinstance(kind, type) and issubclass(kind, Record):
            given[name] = read_body(body, kind, incoming.content_type)
        elif name == "key":
            given[name] = _idempotency_key(incoming)
        elif text := query.get(wire_name(name).lower()):
            given[name] = _reader(kind)(wire_name(name), text)
    placed = (path[name] for name in handler.endpoint.parameters if name in path)
    return (*placed, *parts), given


def wire_name(name: str) -> str:
    """A parameter's name in the query.

    >>> wire_name("sort_field")
    'sortField'
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def queried(query: str) -> dict[str, str]:
    """The query's values by name in lower case; of one name that comes several times the values joined by commas."""
    found: dict[str, str] = {}
    for name, value in parameters(query):
        key, text = name.decode("utf-8", "replace").lower(), value.decode("utf-8", "replace")
        found[key] = f"{found[key]},{text}" if key in found else text
    return found


def truth(name: str, text: str) -> bool:
    """``true``, ``True``, ``1`` and their opposites; Unfit."""
    if text.strip().lower() not in _TRUTHS:
        raise Unfit(name, f"{text!r} is neither true nor false.")
    return _TRUTHS[text.strip().lower()]


def number(name: str, text: str) -> int:
    """A whole number of at most nine digits; Unfit."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise Unfit(name, f"{text!r} is no whole number from 0 to 999999999.")
    return int(text)


def _text(_name: str, text: str) -> str:
    return text


def _idempotency_key(incoming: Incoming) -> str:
    key = incoming.header(IDEMPOTENCY).strip()
    if len(key) > LONGEST_NAME:
        raise Unfit("Idempotency-Key", f"An idempotency key has at most {LONGEST_NAME} characters.")
    return key


@cache
def _members(handler: Handler) -> tuple[tuple[str, Any], ...]:
    """The parameters that are not in the path, with the type that each is read as."""
    return tuple((name, kind) for name, kind in _kinds(handler.endpoint, handler.hints) if kind is not Part)


def _kinds(endpoint: Endpoint[..., Any], hints: Mapping[str, Any]) -> list[tuple[str, Any]]:
    outside = [name for name in endpoint.parameters if name != "sink" and "{" + name + "}" not in endpoint.path]
    return [(name, _kind(hints[name])) for name in outside]


def _kind(hint: Any) -> Any:
    """What a value is read as: the only choice beside None; text where several are possible."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    choices = [choice for choice in get_args(hint) if choice is not type(None) and choice is not msgspec.UnsetType]
    return choices[0] if len(choices) == 1 else str


def _reader(kind: Any) -> Reader:
    return {bool: truth, int: number}.get(kind, _text)
