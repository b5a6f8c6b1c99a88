"""Workflows of a studio: list, questions, package."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from openyx.api.calls import Call, Pages, Received, Sink, by_offset
from openyx.api.declaring import M, Resource, endpoint, paged
from openyx.api.v1.jobs import EnqueueJob, JobApiView, JobListApiView
from openyx.api.wire import Record


class MetaInfo(Record):
    """What a workflow says about itself."""

    name: str = ""
    description: str | None = ""
    author: str | None = ""
    copyright: str | None = ""
    url: str | None = ""
    url_text: str | None = ""
    output_message: str | None = ""
    no_output_files_message: str | None = ""


class WorkflowApiView(Record):
    """A workflow of the studio.

    ``package_type`` is 0 or ``App``, 1 or ``Module``, 2 or ``Macro``. ``is_e2`` is there since about 2020.
    """

    id: str = ""
    subscription_id: str | None = ""
    public: bool = False
    run_disabled: bool = False
    package_type: int | str = 1
    upload_date: str | None = None
    file_name: str | None = ""
    meta_info: MetaInfo = field(default_factory=MetaInfo)
    is_chained: bool | None = False
    version: int | None = None
    run_count: int | None = 0
    worker_tag: str | None = ""
    is_e2: bool | UnsetType = UNSET


class QuestionItem(Record):
    """A choice: ``key`` is shown, ``value`` is sent."""

    key: str | None = ""
    value: str | None = ""


class QuestionView(Record, omit_defaults=True):
    """A question of an app; ``multiple`` is the text ``True`` or ``False``. Members without a value are left out."""

    name: str
    type: str
    description: str | UnsetType | None = UNSET
    value: str | int | float | bool | UnsetType | None = UNSET
    items: list[QuestionItem] | UnsetType | None = UNSET
    multiple: str | bool | UnsetType | None = UNSET


class Workflows(Resource[M]):
    """The workflows of the studio that the key belongs to."""

    @paged
    def each(self, *, search: str | None = None, page: int = 1000) -> Pages[WorkflowApiView]:
        """The workflows of the studio one by one, *page* of them in a request."""
        return by_offset(
            lambda offset, limit: Workflows.list.call(search=search, offset=offset, limit=limit), size=page
        )

    @endpoint("GET v1/workflows/{app_id}/questions")
    def questions(self, app_id: str) -> Call[list[QuestionView]]:
        """The questions of an app in the order of its interface; none for a plain workflow."""
        return Call(list[QuestionView])

    @endpoint("POST v1/workflows/{app_id}/jobs")
    def start(self, app_id: str, body: EnqueueJob, *, key: str = "") -> Call[JobApiView]:
        """Queue a run; *key* is the idempotency key, which our gallery keeps and a real Server ignores."""
        return Call(JobApiView, body=body, key=key)

    @endpoint("GET v1/workflows/{app_id}/jobs")
    def jobs(
        self,
        app_id: str,
        *,
        sort_field: str | None = None,
        direction: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
    ) -> Call[list[JobListApiView]]:
        """The jobs of a workflow that were started through this API."""
        return Call(
            list[JobListApiView],
            params={"sortField": sort_field, "direction": direction, "offset": offset, "limit": limit},
        )

    @endpoint("GET v1/workflows/{app_id}/package", gallery="v1/{app_id}/package")
    def package(self, app_id: str, *, version: str | None = None, sink: Sink | None = None) -> Call[Received]:
        """The workflow's package (``.yxzp``); *version* is the id of a version, else the published one."""
        return Call(Received, params={"version": version}, sink=sink)

    @endpoint("GET v1/workflows/subscription")
    def list(
        self,
        *,
        sort_field: str | None = None,
        direction: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        search: str | None = None,
        package_type: int | str | None = None,
    ) -> Call[list[WorkflowApiView]]:
        """The workflows of the studio, all at once unless *limit* says otherwise."""
        return Call(
            list[WorkflowApiView],
            params={
                "sortField": sort_field,
                "direction": direction,
                "offset": offset,
                "limit": limit,
                "search": search,
                "packageType": package_type,
            },
        )
