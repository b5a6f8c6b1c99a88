"""Every endpoint of the contract, through our client, against our server, blocking and not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, get_origin

import pytest

from openyx.api.calls import Part, Received
from openyx.api.contract import Declared, endpoints
from openyx.api.declaring import Endpoint
from openyx.api.oauth2 import OAuth2
from openyx.api.openyx.health import OwnHealth
from openyx.api.openyx.jobs import OwnJobs
from openyx.api.openyx.keys import OwnKeys
from openyx.api.openyx.status import OwnStatus
from openyx.api.openyx.workflows import OwnWorkflows, WorkflowSettings
from openyx.api.v1.jobs import Answer, EnqueueJob
from openyx.api.v1.jobs import Jobs as JobsV1
from openyx.api.v1.workflows import Workflows as WorkflowsV1
from openyx.api.v3.jobs import EnqueueJobContract
from openyx.api.v3.jobs import Jobs as JobsV3
from openyx.api.v3.workflows import Workflows as WorkflowsV3
from openyx.api.v3.workflows import publishing
from tests.conformance.scene import PACKAGE, TABLE, Memory, Scene

Arguments = tuple[tuple[Any, ...], dict[str, Any]]

REGION = [Answer(name="Region", value="W")]


def given(*positional: Any, **named: Any) -> Arguments:
    return positional, named


def upload(**more: Any) -> Arguments:
    file = Part("file", PACKAGE, filename="Regional Sales.yxzp")
    return given(*publishing(file, name="Other Sales", **more))


def token(scene: Scene) -> Arguments:
    key = scene.standing.keys["oauth2"]
    return given(client_id=key.key.key, client_secret=key.secret.reveal())


CALLS: dict[Endpoint[..., Any], Callable[[Scene], Arguments]] = {
    OAuth2.token: token,
    OwnJobs.list: lambda scene: given(limit=5, workflow_id=scene.workflow),
    OwnJobs.cancel: lambda scene: given(scene.waiting),
    OwnJobs.get: lambda scene: given(scene.waiting),
    OwnJobs.attempts: lambda scene: given(scene.done),
    OwnKeys.current: lambda _: given(),
    OwnHealth.alive: lambda _: given(),
    OwnHealth.ready: lambda _: given(),
    OwnStatus.get: lambda _: given(),
    OwnWorkflows.settings: lambda scene: given(scene.workflow),
    OwnWorkflows.change: lambda scene: given(scene.workflow, WorkflowSettings(at_once=2, most_attempts=1)),
    WorkflowsV1.list: lambda _: given(search="regional", sort_field="name", direction="asc", limit=10),
    WorkflowsV1.questions: lambda scene: given(scene.workflow),
    WorkflowsV1.start: lambda scene: given(scene.workflow, EnqueueJob(questions=REGION, priority="High"), key="one"),
    WorkflowsV1.jobs: lambda scene: given(scene.workflow, sort_field="createdate"),
    WorkflowsV1.package: lambda scene: given(scene.workflow, version=scene.version, sink=Memory()),
    JobsV1.get: lambda scene: given(scene.done, include_messages=True),
    JobsV1.output: lambda scene: given(scene.done, scene.output, format="Csv", attachment=True, sink=Memory()),
    WorkflowsV3.list: lambda _: given(view="Default", name="Regional"),
    WorkflowsV3.get: lambda scene: given(scene.workflow),
    WorkflowsV3.publish: lambda _: upload(),
    WorkflowsV3.new_version: lambda scene: given(scene.workflow, *upload(version=True)[0]),
    WorkflowsV3.questions: lambda scene: given(scene.workflow, version_id=scene.version),
    WorkflowsV3.package: lambda scene: given(scene.workflow, sink=Memory()),
    WorkflowsV3.start: lambda scene: given(scene.workflow, EnqueueJobContract(questions=REGION), key="two"),
    WorkflowsV3.jobs: lambda scene: given(scene.workflow, status="Complete", result_code="Success"),
    JobsV3.get: lambda scene: given(scene.done),
    JobsV3.messages: lambda scene: given(scene.done),
    JobsV3.cancel: lambda scene: given(scene.waiting),
    JobsV3.list: lambda _: given(statuses="Complete,Queued", all_users=True, limit=1),
}
"""How each endpoint is called; one that is added to the contract belongs in here."""

FAMILIES = {"v1": ("oauth1", "oauth2"), "v3": ("oauth2",), "openyx": ("oauth1", "oauth2"), "oauth2": ("oauth2",)}
USERS_ONLY = frozenset[Endpoint[..., Any]]({OwnStatus.get, OwnWorkflows.change})
PERFORMANCES = [
    pytest.param(declared, auth, id=f"{declared} {auth}")
    for declared in endpoints()
    for auth in FAMILIES[declared.endpoint.version]
    if auth == "oauth2" or declared.endpoint not in USERS_ONLY
]


def check(declared: Declared, scene: Scene, arguments: Arguments, answer: Any) -> None:
    """The answer has the declared type, and is about what was asked for."""
    kind = declared.endpoint.answer
    assert is_of(answer, kind)
    assert answer != [] or declared.endpoint is JobsV3.messages
    if kind is Received:
        sink = arguments[1]["sink"]
        assert bytes(sink.content) == (TABLE if declared.endpoint is JobsV1.output else PACKAGE)
        assert answer.size == sink.expected == len(sink.content)
    check_effect(declared.endpoint, scene, answer)


def is_of(answer: Any, kind: Any) -> bool:
    if get_origin(kind) is list:
        return all(is_of(each, get_args(kind)[0]) for each in answer)
    return isinstance(answer, kind)


def check_effect(endpoint: Endpoint[..., Any], scene: Scene, answer: Any) -> None:
    """What the call was to change has changed."""
    store = scene.standing.store
    if endpoint in (JobsV3.cancel, OwnJobs.cancel):
        assert store.jobs.find(scene.waiting).state == "cancelled"
    if endpoint in (WorkflowsV1.start, WorkflowsV3.start):
        assert store.jobs.find(answer.id).answers == {"Region": "W"}
    if endpoint is WorkflowsV3.publish:
        assert store.workflows.find(answer).workflow.name == "Other Sales"
    if endpoint is WorkflowsV3.new_version:
        assert [version.number for version in store.versions.of(scene.workflow)] == [1, 2]
    if endpoint is OwnWorkflows.change:
        workflow = store.workflows.find(scene.workflow).workflow
        assert (workflow.at_once, workflow.most_attempts) == (2, 1)
    if endpoint is JobsV3.list:
        assert (answer.pagination.total_items, len(answer.data)) == (2, 1)


def test_each_endpoint_is_performed() -> None:
    assert {declared.endpoint for declared in endpoints()} == CALLS.keys()


@pytest.mark.parametrize(("declared", "auth"), PERFORMANCES)
def test_over_loopback(scene: Scene, declared: Declared, auth: str) -> None:
    arguments = CALLS[declared.endpoint](scene)
    with scene.standing.sync_client(auth) as gallery:
        resource: Any = declared.resource(gallery._http)
        answer = getattr(resource, declared.endpoint.name)(*arguments[0], **arguments[1])
    check(declared, scene, arguments, answer)


@pytest.mark.parametrize(("declared", "auth"), PERFORMANCES)
async def test_in_process(scene: Scene, declared: Declared, auth: str) -> None:
    arguments = CALLS[declared.endpoint](scene)
    async with scene.standing.async_client(auth) as gallery:
        resource: Any = declared.resource(gallery._http)
        answer = await getattr(resource, declared.endpoint.name)(*arguments[0], **arguments[1])
    check(declared, scene, arguments, answer)
