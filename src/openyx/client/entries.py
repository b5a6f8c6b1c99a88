"""A workflow as a list tells it, in one form, whichever generation of the API told it."""

from __future__ import annotations

from dataclasses import dataclass

from openyx.api.v1.workflows import WorkflowApiView
from openyx.api.v3.workflows import ReducedWorkflowView, WorkflowView

WorkflowRecord = WorkflowApiView | ReducedWorkflowView | WorkflowView
"""A workflow as one of the generations writes it."""

_KINDS = {"0": "app", "app": "app", "1": "workflow", "module": "workflow", "2": "macro", "macro": "macro"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a workflow. Texts that a server leaves out are empty."""

    record: WorkflowRecord
    id: str
    name: str
    kind: str = ""
    owner: str = ""
    created: str = ""
    version: int | None = None
    run_disabled: bool = False

    def __str__(self) -> str:
        facts = [f"id {self.id}", self.kind, f"owner {self.owner}" if self.owner else "", self.created]
        return f"{self.name} ({', '.join(fact for fact in facts if fact)})"


def entry(record: WorkflowRecord) -> Entry:
    """What *record* tells."""
    match record:
        case WorkflowApiView():
            return Entry(
                record=record,
                id=record.id,
                name=record.meta_info.name,
                kind=_kind(record.package_type),
                owner=record.subscription_id or "",
                created=record.upload_date or "",
                version=record.version,
                run_disabled=record.run_disabled,
            )
        case ReducedWorkflowView():
            return Entry(
                record=record,
                id=record.id,
                name=record.name,
                owner=record.owner_id or "",
                created=record.date_created or "",
                version=record.published_version_number,
            )
        case WorkflowView():
            published = [each for each in record.versions or () if each.published] or (record.versions or [])
            last = max(published, key=lambda each: each.version_number or 0, default=None)
            return Entry(
                record=record,
                id=record.id,
                name=record.name,
                kind=_kind(last.package_workflow_type) if last else "",
                owner=record.owner_id or "",
                created=record.date_created or "",
                version=last.version_number if last else None,
                run_disabled=bool(last and last.run_disabled),
            )


def _kind(value: str | int | None) -> str:
    return _KINDS.get(str(value).lower(), "")
