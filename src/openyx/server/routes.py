"""The route table: made from the contract, for the families of an age, matched over the path as it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from openyx.api.contract import endpoints
from openyx.api.declaring import Endpoint
from openyx.errors import NotFound
from openyx.server.compat import Family
from openyx.server.failures import NotAMethod
from openyx.server.handlers import Handler, handlers
from openyx.server.settings import Settings


@dataclass(frozen=True, slots=True)
class Route:
    """A handler in one of the families; ``names`` are the parameters of its path in order."""

    handler: Handler
    family: Family
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The route of a request, with the parameters of its path."""

    route: Route
    path: Mapping[str, str]


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict[str, "_Node"])
    parameter: _Node | None = None
    routes: dict[str, Route] = field(default_factory=dict[str, Route])


class Routes:
    """All routes of a gallery."""

    def __init__(self, settings: Settings) -> None:
        self._root = _Node()
        self._prefixes: list[tuple[list[str], Family]] = []
        for prefix, family in _families(settings):
            self._prefixes.append((segments(prefix.lower()) or ["openyx"], family))
            for path, endpoint in _paths(family, settings):
                self._add(f"{prefix}/{path}", endpoint, family)

    def family(self, path: str) -> Family:
        """The family that a path belongs to, whether there is such a route or not."""
        parts = [part.lower() for part in segments(path)]
        found = [family for prefix, family in self._prefixes if parts[: len(prefix)] == prefix]
        return found[-1] if found else Family.NONE

    def match(self, method: str, path: str) -> Match:
        """The route of a request; NotFound for an unknown path, NotAMethod for a known one with another method.

        Slashes are folded, a trailing one is optional, case matters in parameters only, which are decoded once.
        """
        wanted = "GET" if method == "HEAD" else method
        allowed: set[str] = set()
        for node, values in _walk(self._root, segments(path), 0, ()):
            if route := node.routes.get(wanted):
                return Match(route, dict(zip(route.names, values, strict=True)))
            allowed |= node.routes.keys()
        if not allowed:
            raise NotFound(f"There is nothing at {path}.")
        more = {"HEAD"} if "GET" in allowed else set[str]()
        methods = tuple(sorted(allowed | more | {"OPTIONS"}))
        raise NotAMethod(f"{path} does not take {method}, only {', '.join(methods)}.", allowed=methods)

    def _add(self, path: str, endpoint: Endpoint[..., Any], family: Family) -> None:
        node, names = self._root, list[str]()
        for part in segments(path):
            if part.startswith("{"):
                names.append(part[1:-1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(part.lower(), _Node())
        route = Route(handlers()[endpoint], family, tuple(names))
        if node.routes.setdefault(endpoint.method, route) is not route:
            raise RuntimeError(f"{endpoint.method} {path} has two handlers")


def segments(path: str) -> list[str]:
    """The parts of a path between its slashes, decoded once; nothing between two slashes is no part.

    >>> segments("//gallery/api/v1/jobs/a%2Fb/")
    ['gallery', 'api', 'v1', 'jobs', 'a/b']
    """
    return [unquote(part, errors="replace") for part in path.split("/") if part]


def _walk(node: _Node, rest: list[str], at: int, values: tuple[str, ...]) -> Iterator[tuple[_Node, tuple[str, ...]]]:
    """The nodes that a path may mean, literals first."""
    if at == len(rest):
        yield node, values
        return
    if literal := node.literals.get(rest[at].lower()):
        yield from _walk(literal, rest, at + 1, values)
    if node.parameter:
        yield from _walk(node.parameter, rest, at + 1, (*values, rest[at]))


def _families(settings: Settings) -> Iterator[tuple[str, Family]]:
    if settings.compat.oauth1:
        for prefix in settings.gallery_prefixes:
            yield prefix, Family.GALLERY
    if settings.compat.oauth2:
        yield "/webapi", Family.WEBAPI
    yield "", Family.OWN


def _paths(family: Family, settings: Settings) -> Iterator[tuple[str, Endpoint[..., Any]]]:
    for declared in endpoints():
        endpoint = declared.endpoint
        if endpoint in settings.compat.lacks or endpoint not in handlers():
            continue
        if endpoint.version in _VERSIONS[family]:
            yield endpoint.path, endpoint
            # Each family has its own path for a package; both serve both.
            if endpoint.gallery_path:
                yield endpoint.gallery_path, endpoint


_VERSIONS = {
    Family.GALLERY: frozenset({"v1"}),
    Family.WEBAPI: frozenset({"v1", "v3", "oauth2"}),
    Family.OWN: frozenset({"openyx"}),
}
