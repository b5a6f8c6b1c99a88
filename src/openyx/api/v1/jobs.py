"""Jobs of the Subscription API: state and outputs."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from openyx.api.calls import Call, Received, Sink
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.wire import Record


class Answer(Record):
    """The answer to a question: all values travel as text."""

    name: str
    value: str


class EnqueueJob(Record):
    """What starts a run. Questions that are left out keep their defaults."""

    questions: list[Answer] = []
    priority: str | UnsetType = UNSET


class OutputView(Record):
    """A file that a run made, and the formats in which it can be had."""

    id: str = ""
    formats: list[str] | None = []
    name: str | None = ""


class MessageView(Record):
    """A message of a run; ``status`` is its kind (:class:`openyx.messages.Kind`)."""

    status: int | None = 0
    text: str | None = ""
    tool_id: int | None = -1


class JobApiView(Record):
    """A job. ``status`` is ``Completed`` for success and failure alike; ``disposition`` tells them apart."""

    id: str = ""
    app_id: str | None = ""
    create_date: str | None = None
    status: str | None = ""
    disposition: str | None = ""
    outputs: list[OutputView] | None = []
    messages: list[MessageView] | None = []
    priority: str | int | None = "Low"
    worker_tag: str | None = ""
    run_with_e2: bool | str | UnsetType | None = UNSET


class JobListApiView(Record):
    """A job in a workflow's list; here ``run_with_e2`` is a text."""

    id: str = ""
    create_date: str | None = None
    status: str | None = ""
    disposition: str | None = ""
    priority: str | int | None = "Low"
    worker_tag: str | None = ""
    run_with_e2: bool | str | UnsetType | None = UNSET


class Jobs(Resource[M]):
    """Single jobs."""

    @endpoint("GET v1/jobs/{job_id}")
    def get(self, job_id: str, *, include_messages: bool | None = None) -> Call[JobApiView]:
        """A job, with its messages unless told otherwise."""
        return Call(JobApiView, params={"includeMessages": include_messages})

    @endpoint("GET v1/jobs/{job_id}/output/{output_id}")
    def output(
        self,
        job_id: str,
        output_id: str,
        *,
        format: str | None = None,  # noqa: A002 - the API's own word
        attachment: bool | None = None,
        sink: Sink | None = None,
    ) -> Call[Received]:
        """One output of a job as raw bytes, in one of the formats that it lists."""
        return Call(Received, params={"format": format, "attachment": attachment}, sink=sink)
