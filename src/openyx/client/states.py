"""A job's state in one form, whichever generation of the API told it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openyx.api.openyx.jobs import JobSummary
from openyx.api.v1.jobs import JobApiView, JobListApiView, MessageView
from openyx.api.v3.jobs import JobView, PagedJobSummaryView, WorkflowJobView
from openyx.messages import Kind, Message

JobRecord = JobApiView | JobListApiView | JobView | WorkflowJobView | PagedJobSummaryView | JobSummary
"""A job as one of the generations writes it."""

OVER = frozenset({"completed", "complete", "cancelled", "canceled", "error"})
SUCCESS = frozenset({"success", "warning"})


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An output as it is listed: its id, its name and the formats in which it can be had."""

    id: str
    name: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of a job. Texts that a server leaves out are empty; ``position`` is told by our own gallery."""

    record: JobRecord
    id: str
    workflow_id: str = ""
    workflow_name: str = ""
    created: str = ""
    status: str = ""
    disposition: str = ""
    priority: str = ""
    position: int | None = None
    messages: tuple[Message, ...] = ()
    files: tuple[File, ...] = ()

    def after(self, earlier: State) -> State:
        """With the workflow that *earlier* named, where this one does not."""
        if (self.workflow_id or not earlier.workflow_id) and (self.workflow_name or not earlier.workflow_name):
            return self
        return replace(
            self,
            workflow_id=self.workflow_id or earlier.workflow_id,
            workflow_name=self.workflow_name or earlier.workflow_name,
        )

    @property
    def told(self) -> tuple[str, str, int]:
        """What a change is seen by."""
        return self.status, self.disposition, len(self.messages)

    @property
    def over(self) -> bool:
        """It has ended, well or badly."""
        return self.status.lower() in OVER

    @property
    def cancelled(self) -> bool:
        """It was cancelled, as far as the server says so; V1 does not."""
        return self.status.lower() in ("cancelled", "canceled")

    @property
    def succeeded(self) -> bool:
        """It has ended, and says that it ended well. A disposition that is missing or unknown is no success."""
        return self.over and not self.cancelled and self.disposition.lower() in SUCCESS


def state(record: JobRecord) -> State:
    """The state that *record* tells."""
    match record:
        case JobApiView():
            return State(
                record=record,
                id=record.id,
                workflow_id=record.app_id or "",
                created=record.create_date or "",
                status=record.status or "",
                disposition=record.disposition or "",
                priority=_text(record.priority),
                messages=spoken(record.messages),
                files=tuple(
                    File(id=each.id, name=each.name or "", formats=tuple(each.formats or ()))
                    for each in record.outputs or ()
                ),
            )
        case JobView():
            return State(
                record=record,
                id=record.id,
                workflow_id=record.app_id or "",
                created=record.create_date_time or "",
                status=record.status or "",
                disposition=record.disposition or "",
                priority=_text(record.priority),
                messages=spoken(record.messages),
                files=tuple(
                    File(id=each.id, name=each.file_name or "", formats=tuple(each.available_formats or ()))
                    for each in record.outputs or ()
                ),
            )
        case JobListApiView() | WorkflowJobView():
            return State(
                record=record,
                id=record.id,
                created=record.create_date or "",
                status=record.status or "",
                disposition=(record.disposition or "") if isinstance(record, JobListApiView) else "",
                priority=_text(record.priority),
            )
        case PagedJobSummaryView():
            return State(
                record=record,
                id=record.job_id,
                workflow_id=record.workflow_id or "",
                workflow_name=record.workflow_name or "",
                created=record.queue_time or "",
                status=record.status or "",
                disposition=(record.disposition or "") if isinstance(record, JobSummary) else "",
                priority=_text(record.priority),
                position=record.position if isinstance(record, JobSummary) else None,
            )


def spoken(messages: list[MessageView] | None) -> tuple[Message, ...]:
    """A run's messages. Their numbers are published nowhere; those that no engine uses count as information."""
    return tuple(
        Message(
            kind=Kind(each.status) if each.status in _KINDS else Kind.INFO,
            text=each.text or "",
            tool=-1 if each.tool_id is None else each.tool_id,
        )
        for each in messages or ()
    )


_KINDS = frozenset(Kind)


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)
