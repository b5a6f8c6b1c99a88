"""From what the store keeps to the records of the Subscription API."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import UNSET, UnsetType

from openyx.api.v1.jobs import JobApiView, JobListApiView, MessageView, OutputView
from openyx.api.v1.workflows import MetaInfo, QuestionItem, QuestionView, WorkflowApiView
from openyx.api.wire import timestamp
from openyx.server.compat import Shape
from openyx.store import Job, JobMessage, Output, Published, Question, State


def workflow_view(published: Published, shape: Shape) -> WorkflowApiView:
    """A workflow with its published version; its name is the one it was published under."""
    workflow, version = published.workflow, published.version
    return WorkflowApiView(
        id=workflow.id,
        subscription_id=workflow.studio_id,
        public=workflow.public,
        run_disabled=version.run_disabled,
        package_type=version.package_type.number if shape.numbers else version.package_type.value,
        upload_date=timestamp(version.created_at),
        file_name=version.file_name,
        meta_info=MetaInfo(
            name=workflow.name,
            description=version.description,
            author=version.author,
            copyright=version.copyright,
            url=version.url,
            url_text=version.url_text,
            output_message=version.output_message,
            no_output_files_message=version.no_output_files_message,
        ),
        is_chained=version.is_chained,
        version=version.number,
        run_count=workflow.run_count,
        worker_tag=workflow.worker_tag,
        is_e2=version.is_amp if shape.amp else UNSET,
    )


def question_view(question: Question) -> QuestionView:
    """A question; what it does not have is left out."""
    return QuestionView(
        name=question.name,
        type=question.type,
        description=question.description,
        value=UNSET if question.value is None else question.value,
        items=UNSET if question.items is None else question_items(question),
        multiple=UNSET if question.multiple is None else str(question.multiple),
    )


def question_items(question: Question) -> list[QuestionItem]:
    """The choices of a question."""
    return [QuestionItem(key=item.key, value=item.value) for item in question.items or ()]


def job_view(job: Job, outputs: Iterable[Output], messages: Iterable[JobMessage], amp: bool | UnsetType) -> JobApiView:
    """A job; *amp* is the engine that it asks for, where the age shows it."""
    return JobApiView(
        id=job.id,
        app_id=job.workflow_id,
        create_date=timestamp(job.created_at),
        status=status(job),
        disposition=job.disposition,
        outputs=[OutputView(id=each.id, formats=list(each.formats), name=each.name) for each in outputs],
        messages=message_views(messages),
        priority=priority(job),
        worker_tag=job.worker_tag,
        run_with_e2=amp,
    )


def job_list_view(job: Job, amp: str | UnsetType) -> JobListApiView:
    """A job in its workflow's list."""
    return JobListApiView(
        id=job.id,
        create_date=timestamp(job.created_at),
        status=status(job),
        disposition=job.disposition,
        priority=priority(job),
        worker_tag=job.worker_tag,
        run_with_e2=amp,
    )


def message_views(messages: Iterable[JobMessage]) -> list[MessageView]:
    """What a run said."""
    return [MessageView(status=int(said.kind), text=said.text, tool_id=said.tool) for said in messages]


def status(job: Job) -> str:
    """The word for a job's state: ``Completed`` for every end, else pollers would wait for ever.

    There is no ``Initializing``: a known client stops polling at a word that is neither ``Queued`` nor ``Running``.
    """
    if job.over:
        return "Completed"
    return "Running" if job.state is State.RUNNING else "Queued"


def priority(job: Job) -> str:
    """The word for a job's priority."""
    return job.priority.name.capitalize()
