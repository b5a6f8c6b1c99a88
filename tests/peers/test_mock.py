"""Every V3 call of the contract against a mock server that we did not write, in both worlds.

The mock server checks each request against a real Server's own description (it answers 4xx to one that does not fit)
and makes its answer from it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from openyx import AsyncGallery, Gallery
from openyx.api.calls import Nothing, Part, Received
from openyx.api.contract import endpoints
from openyx.api.v1.jobs import Answer, MessageView
from openyx.api.v3.jobs import EnqueueJobContract, JobView, PagedJobs, WorkflowJobView
from openyx.api.v3.workflows import ReducedWorkflowView, WorkflowQuestionView, WorkflowView, publishing
from tests.peers.mock import mock_server

pytestmark = [pytest.mark.node, pytest.mark.shared]


@pytest.fixture(scope="module")
def mock(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of the mock server."""
    with mock_server(shared / "contract" / "swagger-v3.json", tmp_path_factory.mktemp("mock")) as address:
        yield address


class Bytes:
    """A body, in memory."""

    def begin(self, expected: int | None) -> None:
        self.content = b""

    def write(self, chunk: bytes) -> None:
        self.content += chunk


def calls(package: Path) -> dict[str, tuple[str, tuple[object, ...], type, type | None]]:
    """For each route: the resource, the arguments, the type of the answer, and that of an element."""
    file = Part("file", package, filename=package.name)
    start = EnqueueJobContract(questions=[Answer(name="Region", value="East")], priority="High")
    return {
        "GET v3/workflows": ("workflows.list", (), list, ReducedWorkflowView),
        "GET v3/workflows/{workflow_id}": ("workflows.get", ("a b",), WorkflowView, None),
        "POST v3/workflows": ("workflows.publish", tuple(publishing(file, name="n", owner_id="o")), str, None),
        "POST v3/workflows/{workflow_id}/versions": (
            "workflows.new_version",
            ("w", *publishing(file, name="n", owner_id="o", version=True)),
            WorkflowView,
            None,
        ),
        "GET v3/workflows/{workflow_id}/questions": ("workflows.questions", ("w",), list, WorkflowQuestionView),
        "GET v3/workflows/{workflow_id}/package": ("workflows.package", ("w",), Received, None),
        "POST v3/workflows/{workflow_id}/jobs": ("workflows.start", ("w", start), JobView, None),
        "GET v3/workflows/{workflow_id}/jobs": ("workflows.jobs", ("w",), list, WorkflowJobView),
        "GET v3/jobs": ("jobs.list", (), PagedJobs, None),
        "GET v3/jobs/{job_id}": ("jobs.get", ("j",), JobView, None),
        "GET v3/jobs/{job_id}/messages": ("jobs.messages", ("j",), list, MessageView),
        "DELETE v3/jobs/{job_id}": ("jobs.cancel", ("j",), Nothing, None),
    }


ROUTES = [declared.route for declared in endpoints() if declared.endpoint.version == "v3"]


def method(gallery: Gallery | AsyncGallery, path: str) -> Callable[..., Any]:
    resource, name = path.split(".")
    found: Callable[..., Any] = getattr(getattr(gallery.v3, resource), name)
    return found


def fits(answer: object, kind: type, element: type | None) -> bool:
    return isinstance(answer, kind) and (element is None or all(isinstance(each, element) for each in answer))  # type: ignore[attr-defined]  # a list


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A file to upload; the mock server looks at the parts, not into them."""
    path = tmp_path / "Monthly Load.yxzp"
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    return path


def test_the_contract_has_v3_routes() -> None:
    assert len(ROUTES) >= 12


@pytest.mark.parametrize("route", ROUTES)
def test_a_v3_call_fits_a_real_server_s_description(route: str, mock: str, package: Path) -> None:
    path, arguments, kind, element = calls(package)[route]
    named = {"sink": Bytes()} if kind is Received else {}
    with Gallery(mock, "key", "secret", auth="oauth2") as gallery:
        assert fits(method(gallery, path)(*arguments, **named), kind, element)


@pytest.mark.parametrize("route", ROUTES)
async def test_an_awaited_v3_call_fits_a_real_server_s_description(route: str, mock: str, package: Path) -> None:
    path, arguments, kind, element = calls(package)[route]
    named = {"sink": Bytes()} if kind is Received else {}
    async with AsyncGallery(mock, "key", "secret", auth="oauth2") as gallery:
        assert fits(await method(gallery, path)(*arguments, **named), kind, element)


def test_a_gallery_with_v3_lists_and_starts_by_name(mock: str) -> None:
    with Gallery(mock, "key", "secret", auth="oauth2") as gallery:
        assert [workflow.name for workflow in gallery.workflows.list()] == ["string"]
