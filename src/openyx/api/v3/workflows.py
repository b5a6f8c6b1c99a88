"""Workflows of the V3 API: list, get, publish, versions, questions, package, start."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from openyx.api.calls import Call, Part, Received, Sink
from openyx.api.declaring import M, Resource, endpoint
from openyx.api.v1.workflows import QuestionItem
from openyx.api.v3.jobs import EnqueueJobContract, JobView, WorkflowJobView
from openyx.api.wire import Record


class ReducedWorkflowView(Record):
    """A workflow in a list."""

    id: str = ""
    source_app_id: str | None = ""
    name: str = ""
    owner_id: str | None = ""
    date_created: str | None = None
    published_version_number: int | None = None
    is_amp: bool | None = False
    execution_mode: str | None = "Standard"


class WorkflowDetails(Record):
    """What a version says about itself."""

    is_amp: bool | None = False
    file_name: str | None = ""
    author: str | None = ""
    copyright: str | None = ""
    description: str | None = ""
    name: str | None = ""
    no_output_files_message: str | None = ""
    output_message: str | None = ""
    url: str | None = ""
    url_text: str | None = ""


class WorkflowVersionView(Record):
    """A version of a workflow."""

    version_id: str = ""
    version_number: int | None = 1
    date_created: str | None = None
    upload_source: str | None = "Designer"
    upload_date: str | None = None
    package_workflow_type: str | int | None = "Module"
    published: bool | None = True
    comments: str | None = None
    run_disabled: bool | None = False
    execution_mode: str | None = "Standard"
    workflow_credential_type: str | None = "Default"
    credential_id: str | None = ""
    has_private_data_exemption: bool | None = None
    others_may_download: bool | None = True
    others_can_view_history: bool | None = True
    details: WorkflowDetails | None = field(default_factory=WorkflowDetails)


class WorkflowView(Record):
    """A workflow with its versions."""

    id: str = ""
    source_app_id: str | None = ""
    date_created: str | None = None
    run_count: int | None = 0
    versions: list[WorkflowVersionView] | None = []
    name: str = ""
    owner_id: str | None = ""
    worker_tag: str | None = ""
    district_tags: list[str] | None = []
    comments: str | None = ""
    is_public: bool | None = False
    is_ready_for_migration: bool | None = False
    published_version_id: str | None = ""
    others_may_download: bool | None = True
    others_can_view_history: bool | None = True
    others_can_execute: bool | None = True
    execution_mode: str | None = "Standard"
    has_private_data_exemption: bool | None = None
    package_workflow_type: str | int | UnsetType | None = UNSET


class WorkflowQuestionView(Record):
    """A question of an app; members without a value are null."""

    name: str | None = None
    question_type: str | None = None
    description: str | None = None
    value: str | int | float | bool | None = None
    multiple: bool | None = None
    items: list[QuestionItem] | None = None


class Workflows(Resource[M]):
    """Workflows that the key's user may see."""

    @endpoint("GET v3/workflows/{workflow_id}")
    def get(self, workflow_id: str) -> Call[WorkflowView]:
        """One workflow with its versions."""
        return Call(WorkflowView)

    @endpoint("POST v3/workflows")
    def publish(self, *parts: Part) -> Call[str]:
        """Publish a package as a new workflow; the answer is its id. The parts are made by :func:`publishing`."""
        return Call(str, parts=parts)

    @endpoint("POST v3/workflows/{workflow_id}/versions")
    def new_version(self, workflow_id: str, *parts: Part) -> Call[WorkflowView]:
        """Publish a package as a new version. The parts are made by :func:`publishing`."""
        return Call(WorkflowView, parts=parts)

    @endpoint("GET v3/workflows/{workflow_id}/questions")
    def questions(self, workflow_id: str, *, version_id: str | None = None) -> Call[list[WorkflowQuestionView]]:
        """The questions of an app in the order of its interface."""
        return Call(list[WorkflowQuestionView], params={"versionId": version_id})

    @endpoint("GET v3/workflows/{workflow_id}/package")
    def package(self, workflow_id: str, *, version_id: str | None = None, sink: Sink | None = None) -> Call[Received]:
        """The workflow's package; without *version_id* that of the published version."""
        return Call(Received, params={"versionId": version_id}, sink=sink)

    @endpoint("POST v3/workflows/{workflow_id}/jobs")
    def start(self, workflow_id: str, body: EnqueueJobContract, *, key: str = "") -> Call[JobView]:
        """Queue a run; *key* is the idempotency key."""
        return Call(JobView, body=body, key=key)

    @endpoint("GET v3/workflows/{workflow_id}/jobs")
    def jobs(
        self,
        workflow_id: str,
        *,
        sort_field: str | None = None,
        direction: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        status: str | None = None,
        result_code: str | None = None,
    ) -> Call[list[WorkflowJobView]]:
        """The jobs of a workflow; a failed run can be listed as ``Completed``."""
        return Call(
            list[WorkflowJobView],
            params={
                "sortField": sort_field,
                "direction": direction,
                "offset": offset,
                "limit": limit,
                "status": status,
                "resultCode": result_code,
            },
        )

    @endpoint("GET v3/workflows")
    def list(
        self,
        *,
        view: str | None = None,
        name: str | None = None,
        owner_id: str | None = None,
        created_after: str | None = None,
        created_before: str | None = None,
    ) -> Call[list[ReducedWorkflowView]]:
        """All workflows that may be seen, unpaged."""
        return Call(
            list[ReducedWorkflowView],
            params={
                "view": view,
                "name": name,
                "ownerId": owner_id,
                "createdAfter": created_after,
                "createdBefore": created_before,
            },
        )


def publishing(file: Part, *, name: str, owner_id: str = "", comments: str = "", version: bool = False) -> list[Part]:
    """The parts that publish *file*: those that a real Server requires, with the values of its own upload page.

    With *version* the parts of a new version, which becomes the published one.
    """
    texts = {
        "name": name,
        "ownerId": owner_id,
        "othersMayDownload": "true",
        "othersCanExecute": "true",
        "executionMode": "Standard",
        "workflowCredentialType": "Default",
        "comments": comments,
    }
    texts |= {"makePublished": "true"} if version else {"isPublic": "false", "isReadyForMigration": "false"}
    return [file, *(Part(member, text) for member, text in texts.items() if text)]
