"""From what the store keeps to the records of V3."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from openyx.api.v3.jobs import JobView, OutputDataView, PagedJobSummaryView, PaginationInfo, WorkflowJobView
from openyx.api.v3.workflows import (
    ReducedWorkflowView,
    WorkflowDetails,
    WorkflowQuestionView,
    WorkflowVersionView,
    WorkflowView,
)
from openyx.api.wire import timestamp
from openyx.server.v1.records import message_views, priority, question_items
from openyx.server.v1.records import status as v1_status
from openyx.store import Job, JobMessage, Output, Published, Question, State, Version, Workflow


def reduced_workflow(published: Published) -> ReducedWorkflowView:
    """A workflow in a list."""
    workflow, version = published.workflow, published.version
    return ReducedWorkflowView(
        id=workflow.id,
        source_app_id=workflow.source_app_id,
        name=workflow.name,
        owner_id=workflow.owner_id,
        date_created=timestamp(workflow.created_at),
        published_version_number=version.number,
        is_amp=version.is_amp,
        execution_mode=version.execution_mode,
    )


def workflow_view(workflow: Workflow, versions: Sequence[Version]) -> WorkflowView:
    """A workflow with its versions; its mode and exemption are those of the published one."""
    published = next(version for version in versions if version.id == workflow.published_version_id)
    return WorkflowView(
        id=workflow.id,
        source_app_id=workflow.source_app_id,
        date_created=timestamp(workflow.created_at),
        run_count=workflow.run_count,
        versions=[version_view(version, published=version is published) for version in versions],
        name=workflow.name,
        owner_id=workflow.owner_id,
        worker_tag=workflow.worker_tag,
        district_tags=list(workflow.district_tags),
        comments=workflow.comments,
        is_public=workflow.public,
        is_ready_for_migration=workflow.ready_for_migration,
        published_version_id=workflow.published_version_id,
        others_may_download=workflow.others_may_download,
        others_can_view_history=workflow.others_can_view_history,
        others_can_execute=workflow.others_can_execute,
        execution_mode=published.execution_mode,
        has_private_data_exemption=published.private_data_exemption,
        package_workflow_type=published.package_type,
    )


def version_view(version: Version, *, published: bool) -> WorkflowVersionView:
    """A version of a workflow."""
    uploaded = timestamp(version.created_at)
    return WorkflowVersionView(
        version_id=version.id,
        version_number=version.number,
        date_created=uploaded,
        upload_source=version.upload_source,
        upload_date=uploaded,
        package_workflow_type=version.package_type,
        published=published,
        comments=version.comments,
        run_disabled=version.run_disabled,
        execution_mode=version.execution_mode,
        workflow_credential_type=version.credential_type,
        credential_id=version.credential_id,
        has_private_data_exemption=version.private_data_exemption,
        others_may_download=version.others_may_download,
        others_can_view_history=version.others_can_view_history,
        details=_details(version),
    )


def question_view(question: Question) -> WorkflowQuestionView:
    """A question; what it does not have is null."""
    return WorkflowQuestionView(
        name=question.name,
        question_type=question.type,
        description=question.description,
        value=question.value,
        multiple=bool(question.multiple),
        items=None if question.items is None else question_items(question),
    )


def job_view(job: Job, outputs: Iterable[Output], messages: Iterable[JobMessage], *, amp: bool) -> JobView:
    """A job."""
    return JobView(
        id=job.id,
        app_id=job.workflow_id,
        create_date_time=timestamp(job.created_at),
        status=status(job),
        disposition=job.disposition,
        outputs=[_output(each) for each in outputs],
        messages=message_views(messages),
        priority=priority(job),
        worker_tag=job.worker_tag,
        run_with_e2=amp,
    )


def workflow_job(job: Job, *, amp: bool) -> WorkflowJobView:
    """A job in its workflow's list."""
    return WorkflowJobView(
        id=job.id,
        create_date=timestamp(job.created_at),
        status=status(job),
        priority=priority(job),
        worker_tag=job.worker_tag,
        run_with_e2=amp,
    )


def summary(job: Job, workflow: str, user: str, now: datetime) -> PagedJobSummaryView:
    """A job in the queue of all, with the names of its workflow and its user."""
    return PagedJobSummaryView(
        job_id=job.id,
        status=status(job),
        workflow_name=workflow,
        workflow_id=job.workflow_id,
        submitted_by=user,
        start_time=timestamp(job.started_at) if job.started_at else None,
        queue_time=timestamp(job.queued_at),
        execution_time=_duration(job, now),
        priority=priority(job),
    )


def pagination(offset: int, limit: int | None, total: int) -> PaginationInfo:
    """Where a page stands; without a limit there is one page of everything.

    >>> pagination(20, 20, 45).current_page, pagination(20, 20, 45).total_pages
    (2, 3)
    """
    size = limit or max(total, 1)
    page = offset // size + 1
    pages = -(-total // size)
    return PaginationInfo(
        current_page=page,
        page_size=size,
        total_items=total,
        total_pages=pages,
        has_next_page=offset + size < total,
        has_previous_page=offset > 0,
    )


def status(job: Job) -> str:
    """The word for a job's state; here a cancelled job has one of its own."""
    return "Cancelled" if job.state is State.CANCELLED else v1_status(job)


def _details(version: Version) -> WorkflowDetails:
    return WorkflowDetails(
        is_amp=version.is_amp,
        file_name=version.file_name,
        author=version.author,
        copyright=version.copyright,
        description=version.description,
        name=version.name,
        no_output_files_message=version.no_output_files_message,
        output_message=version.output_message,
        url=version.url,
        url_text=version.url_text,
    )


def _output(output: Output) -> OutputDataView:
    # The last two members are no real server's: a known client refuses outputs without them.
    formats = list(output.formats)
    return OutputDataView(
        id=output.id,
        available_formats=formats,
        file_name=output.name,
        name=output.name,
        format=formats[0] if formats else "Raw",
    )


def _duration(job: Job, now: datetime) -> str | None:
    if job.started_at is None:
        return None
    seconds = int(((job.finished_at or now) - job.started_at).total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
