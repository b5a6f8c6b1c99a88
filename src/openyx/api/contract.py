"""The whole contract: every endpoint that stands on the shelf, found by looking."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any, TypeGuard

import openyx.api
from openyx.api.declaring import Endpoint, Resource


class Declared:
    """An endpoint with the place where it is declared: ``v3/jobs`` ``Jobs`` ``get``."""

    def __init__(self, module: str, resource: type[Resource[Any]], endpoint: Endpoint[..., Any]) -> None:
        self.module = module
        self.resource = resource
        self.endpoint = endpoint

    @property
    def route(self) -> str:
        """Method and path: ``GET v3/jobs/{job_id}``."""
        return f"{self.endpoint.method} {self.endpoint.path}"

    def __str__(self) -> str:
        return f"{self.module} {self.resource.__name__}.{self.endpoint.name}"


@functools.cache
def endpoints() -> tuple[Declared, ...]:
    """All endpoints, in the order of their modules.

    Raises ``RuntimeError`` when two claim one route, or when there is none.
    """
    found: dict[str, Declared] = {}
    for declared in _declared():
        other = found.setdefault(declared.route, declared)
        if other is not declared:
            raise RuntimeError(f"{declared.route} is claimed by {other} and by {declared}")
    if not found:
        raise RuntimeError("no endpoint was found")
    return tuple(found.values())


def _declared() -> Iterator[Declared]:
    for module in _modules():
        place = module.__name__.removeprefix("openyx.api.").replace(".", "/")
        for resource in _resources(module):
            for member in vars(resource).values():
                if _is_endpoint(member):
                    yield Declared(place, resource, member)


def resources() -> tuple[type[Resource[Any]], ...]:
    """All resources, in the order of their modules."""
    return tuple(resource for module in _modules() for resource in _resources(module))


def _resources(module: ModuleType) -> Iterator[type[Resource[Any]]]:
    for member in vars(module).values():
        if _is_resource(member) and member.__module__ == module.__name__:
            yield member


def _is_resource(member: object) -> TypeGuard[type[Resource[Any]]]:
    return isinstance(member, type) and issubclass(member, Resource) and member is not Resource


def _is_endpoint(member: object) -> TypeGuard[Endpoint[..., Any]]:
    return isinstance(member, Endpoint)


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(openyx.api.__path__, "openyx.api."):
        yield importlib.import_module(info.name)
