"""The contract is found by looking, and two claims on a route are an error."""

from __future__ import annotations

import sys
from collections.abc import Generator
from types import ModuleType
from typing import Any

import pytest

from openyx.api import contract
from openyx.api.calls import Call, Nothing
from openyx.api.declaring import Endpoint, Resource


def test_every_endpoint_is_found_once() -> None:
    found = contract.endpoints()
    routes = [each.route for each in found]
    assert len(set(routes)) == len(routes) > 20
    for route in ("GET v1/workflows/subscription", "POST v3/workflows", "POST oauth2/token", "GET openyx/v1/jobs"):
        assert route in routes


def test_an_endpoint_knows_where_it_stands() -> None:
    (get,) = [each for each in contract.endpoints() if each.route == "GET v3/jobs/{job_id}"]
    assert str(get) == "v3/jobs Jobs.get"
    assert issubclass(get.resource, Resource)


def test_every_answer_can_be_told_and_every_endpoint_says_what_it_is() -> None:
    for declared in contract.endpoints():
        endpoint = declared.endpoint
        assert endpoint.__doc__, declared
        assert endpoint.answer is not Any, declared
        for name in endpoint._in_path:
            assert name in endpoint.parameters, declared


def test_paths_are_written_without_slashes_at_their_ends() -> None:
    for declared in contract.endpoints():
        assert declared.endpoint.path == declared.endpoint.path.strip("/"), declared


@pytest.fixture
def another() -> Generator[ModuleType]:
    """A module on the shelf that claims a route of another."""
    module = ModuleType("openyx.api.v3.rival")

    class Rivals(Resource[Any]):
        """Claims what is taken."""

    def cancel(self: Any, job_id: str) -> Call[Nothing]:
        return Call(Nothing)

    rival: Any = Rivals
    rival.cancel = Endpoint("DELETE v3/jobs/{job_id}", cancel)
    rival.__module__ = module.__name__
    module.Rivals = rival  # type: ignore[attr-defined] # a module made here
    sys.modules[module.__name__] = module
    contract.endpoints.cache_clear()
    yield module
    del sys.modules[module.__name__]
    contract.endpoints.cache_clear()


def test_two_claims_on_a_route_name_both(another: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = list(contract._modules())
    monkeypatch.setattr(contract, "_modules", lambda: [*kept, another])
    with pytest.raises(RuntimeError, match=r"DELETE v3/jobs/\{job_id\}.*v3/jobs Jobs.cancel.*v3/rival Rivals.cancel"):
        contract.endpoints()


def test_an_empty_shelf_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    contract.endpoints.cache_clear()
    monkeypatch.setattr(contract, "_modules", list)
    with pytest.raises(RuntimeError, match="no endpoint"):
        contract.endpoints()
    contract.endpoints.cache_clear()


def test_every_resource_can_be_reached_from_a_gallery() -> None:
    from openyx.client.gallery import Gallery

    gallery = Gallery("localhost", "k", "s")
    held: list[dict[str, object]] = [vars(gallery.v1), vars(gallery.v3), vars(gallery.openyx)]
    reachable = {type(member) for generation in held for member in generation.values()}
    assert {id(resource) for resource in contract.resources()} <= {id(kind) for kind in reachable}
