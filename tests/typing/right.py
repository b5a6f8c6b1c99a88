"""What must type-check, in both worlds: every line is one that a user writes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, assert_type

from openyx import AsyncGallery, Choice, Gallery, Job, JobFailed, Message, Output, Question, Workflow
from openyx.api.declaring import Async, Sync
from openyx.api.v1.jobs import JobApiView
from openyx.api.v1.workflows import WorkflowApiView
from openyx.api.v3.jobs import JobView


def blocking(gallery: Gallery) -> None:
    job = gallery.run(
        "Monthly Load", {"Region": "East", "Since": date(2026, 1, 2), "Top": 7, "All": True}, timeout=3600
    )
    assert_type(job, Job[Sync])
    assert_type(job.wait(timeout=5, on_update=lambda each: each.status), Job[Sync])
    assert_type(job.refresh().cancel().status, str)
    assert_type(job.created, datetime | None)
    assert_type(job.messages, tuple[Message, ...])
    assert_type(job.outputs, tuple[Output[Sync], ...])
    assert_type(job.outputs[0].save("reports", format="Csv", overwrite=True), Path)
    assert_type(job.outputs[0].bytes(), bytes)
    assert_type(gallery.job("661f").succeeded, bool)
    assert_type(gallery.jobs(workflow="Monthly Load", limit=5), list[Job[Sync]])
    workflow = gallery.workflows.find("Monthly Load")
    assert_type(workflow, Workflow[Sync])
    assert_type(workflow.questions, tuple[Question, ...])
    assert_type(workflow.questions[0].choices, tuple[Choice, ...])
    assert_type(workflow.start(priority="High"), Job[Sync])
    assert_type(gallery.workflows.list(search="Load"), list[Workflow[Sync]])
    assert_type(gallery.publish("a.yxzp", name="A", new_version=True), Workflow[Sync])
    assert_type(gallery.v1.jobs.get("661f", include_messages=False), JobApiView)
    assert_type(gallery.v3.jobs.get("661f"), JobView)
    for each in gallery.v1.workflows.each(search="Load"):
        assert_type(each, WorkflowApiView)
    with Gallery("https://ayx.example.com", "key", "secret", auth="oauth2", timeout=10) as other:
        assert_type(other.start("Monthly Load"), Job[Sync])


async def asynchronous(gallery: AsyncGallery) -> None:
    job = await gallery.run("Monthly Load", {"Region": "East"}, timeout=3600)
    assert_type(job, Job[Async])
    assert_type(await job.wait(timeout=5, on_update=lambda each: each.status), Job[Async])
    assert_type(job.status, str)
    assert_type(job.outputs, tuple[Output[Async], ...])
    assert_type(await job.outputs[0].save(Path("reports")), Path)
    assert_type(await gallery.jobs(), list[Job[Async]])
    workflow = await gallery.workflows.find("Monthly Load")
    assert_type(workflow, Workflow[Async])
    assert_type(await workflow.questions, tuple[Question, ...])
    assert_type(await workflow.start(), Job[Async])
    assert_type(await gallery.v1.jobs.get("661f"), JobApiView)
    async for each in gallery.v1.workflows.each(page=100):
        assert_type(each, WorkflowApiView)
    async with AsyncGallery(profile="prod") as other:
        assert_type(await other.connect(), str)


def caught(gallery: Gallery) -> None:
    try:
        gallery.run("Monthly Load", check=True)
    except JobFailed as failed:
        assert_type(failed.messages, tuple[Any, ...])
        assert_type((failed.message, failed.hint, failed.code, failed.exit), tuple[str, str, str, int])
