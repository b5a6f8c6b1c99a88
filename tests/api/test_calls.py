"""Calls as they are described: where they go, what they carry, how pages end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyx.api.calls import Call, Nothing, Received, Sleep, by_offset, gathered, segment, send
from openyx.api.declaring import Endpoint, flow, paged
from openyx.api.v1.jobs import EnqueueJob, JobApiView
from openyx.api.v1.jobs import Jobs as JobsV1
from openyx.api.v1.workflows import WorkflowApiView
from openyx.api.v1.workflows import Workflows as WorkflowsV1
from openyx.api.v3.jobs import Jobs as JobsV3
from openyx.errors import AskedWrongly


def test_a_call_goes_where_its_family_is() -> None:
    call = JobsV1.get.call("61031c71", include_messages=False)
    assert call.target("/gallery/api", gallery=True) == "/gallery/api/v1/jobs/61031c71/?includeMessages=false"
    assert call.target("/webapi") == "/webapi/v1/jobs/61031c71?includeMessages=false"
    assert (call.method, call.answer) == ("GET", JobApiView)


def test_a_package_has_a_path_of_its_own_under_oauth_1() -> None:
    call = WorkflowsV1.package.call("57ac", version="9")
    assert call.target("/gallery/api", gallery=True) == "/gallery/api/v1/57ac/package/?version=9"
    assert call.target("/webapi") == "/webapi/v1/workflows/57ac/package?version=9"


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({"search": "a b+c"}, "?search=a%20b%2Bc"),
        ({"search": ""}, "?search="),
        ({"a": None, "b": 0, "c": False}, "?b=0&c=false"),
        ({"ü": "~é/&="}, "?%C3%BC=~%C3%A9%2F%26%3D"),
        ({}, ""),
    ],
)
def test_a_query_is_written_as_rfc_3986_wants_it(params: dict[str, Any], query: str) -> None:
    assert Call(str, params=params, path="x").target("/p") == f"/p/x{query}"


@given(st.text(min_size=1).filter(lambda text: text not in (".", "..")))
def test_a_segment_cannot_leave_its_place(text: str) -> None:
    written = segment(text.encode("utf-8", "replace").decode())
    assert not set(written) & set("/?#&= ")


@pytest.mark.parametrize("bad", ["", ".", ".."])
def test_what_would_leave_its_place_is_refused(bad: str) -> None:
    with pytest.raises(AskedWrongly):
        JobsV1.get.call(bad)


def test_a_call_may_be_repeated_unless_it_starts_something() -> None:
    assert JobsV1.get.call("1").repeatable
    assert JobsV3.cancel.call("1").repeatable
    start = WorkflowsV1.start.call("57ac", EnqueueJob(), key="k")
    assert not start.repeatable
    assert start.key == "k"


def test_arguments_are_taken_by_place_and_by_name() -> None:
    by_name = JobsV1.output.call(job_id="1", output_id="2", format="Csv")
    assert by_name.path == JobsV1.output.call("1", "2", format="Csv").path == "v1/jobs/1/output/2"


def test_an_endpoint_tells_what_it_is() -> None:
    assert (JobsV3.cancel.version, JobsV3.cancel.answer, list(JobsV3.cancel.parameters)) == ("v3", Nothing, ["job_id"])
    assert JobsV1.output.answer is Received
    assert isinstance(JobsV1.get, Endpoint)


def test_an_authorization_is_not_in_what_a_call_prints() -> None:
    from openyx.api.oauth2 import OAuth2

    call = OAuth2.token.call(client_id="key", client_secret="hunter2")
    assert call.authorization.startswith("Basic ")
    assert call.authorization not in repr(call)


Workflow = WorkflowApiView


class Paging:
    """A driver that answers pages from a list, with a limit of its own."""

    def __init__(self, total: int, *, most: int = 10**9, ignores: bool = False) -> None:
        self.all = [Workflow(id=str(number)) for number in range(total)]
        self.most, self.ignores = most, ignores
        self.asked: list[tuple[Any, Any]] = []

    def answer(self, call: Call[list[Workflow]]) -> list[Workflow]:
        offset, limit = call.params["offset"], call.params["limit"]
        self.asked.append((offset, limit))
        assert isinstance(offset, int)
        assert isinstance(limit, int)
        return list(self.all) if self.ignores else self.all[offset : offset + min(limit, self.most)]

    def run(self, size: int) -> list[str]:
        steps = gathered(by_offset(lambda offset, limit: WorkflowsV1.list.call(offset=offset, limit=limit), size=size))
        reply: Any = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as end:
                return [each.id for each in end.value]
            asked: Any = step
            reply = self.answer(asked)


@pytest.mark.parametrize("total", [0, 1, 9, 10, 11, 20, 25])
def test_pages_end_with_one_that_is_short(total: int) -> None:
    assert Paging(total).run(10) == [str(number) for number in range(total)]


def test_a_server_that_ignores_the_limit_is_asked_once() -> None:
    server = Paging(25, ignores=True)
    assert len(server.run(10)) == 25
    assert len(server.asked) == 1


def test_a_server_that_ignores_it_and_has_just_as_many_is_not_doubled() -> None:
    assert len(Paging(10, ignores=True).run(10)) == 10


def test_a_flow_is_sent_answers_and_thrown_problems() -> None:
    class Machine:
        @flow
        def steps(self, first: int) -> Any:
            """Two steps."""
            yield Sleep(first)
            return (yield from send(JobsV1.get.call("1")))

    steps = Machine.steps.within(Machine(), 3)
    assert next(steps) == Sleep(3)
    asked = steps.send(None)
    assert isinstance(asked, Call)
    with pytest.raises(AskedWrongly):
        steps.throw(AskedWrongly("no"))
    assert Machine.steps.__doc__ == "Two steps."


def test_pages_are_declared_once() -> None:
    assert isinstance(WorkflowsV1.each, type(paged(lambda self: iter(()))))  # type: ignore[arg-type,return-value] # its kind counts
