"""Workflows: what is published under a name, with its versions; lists, searches and sorts as the API asks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from openyx.errors import Conflict, NotFound
from openyx.store.database import Database
from openyx.store.filters import Filter, folded, nulls_last
from openyx.store.moments import Clock, new_id, to_milliseconds
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write
from openyx.store.sight import Sight
from openyx.store.users import Users
from openyx.store.versions import NewVersion, PackageType, Version, Versions

SQL = queries("workflows")
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkflow:
    """What one says of a workflow when it is published.

    ``at_once`` is how many of its jobs may run at the same time, ``most_attempts`` (1 to 3) how often a job may begin
    whose worker vanishes: a run may have changed something outside of the gallery before.
    """

    name: str
    owner_id: str
    comments: str = ""
    worker_tag: str = ""
    district_tags: tuple[str, ...] = ()
    public: bool = False
    ready_for_migration: bool = False
    others_may_download: bool = True
    others_can_execute: bool = True
    others_can_view_history: bool = True
    source_app_id: str = ""
    at_once: int | None = None
    most_attempts: int = MOST_ATTEMPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(NewWorkflow):
    """A workflow without its versions; ``run_count`` counts the runs that began."""

    id: str
    studio_id: str
    created_at: datetime
    published_version_id: str
    run_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A workflow with the version that a run takes."""

    workflow: Workflow
    version: Version


class WorkflowSort(StrEnum):
    """What a list of workflows can be sorted by, in the API's words."""

    AUTHOR = "author"
    COPYRIGHT = "copyright"
    DATE_MADE_PUBLIC = "datemadepublic"
    DESCRIPTION = "description"
    EXECUTION_MODE = "executionmode"
    NAME = "name"
    OWNER = "owner"
    RUN_COUNT = "runcount"
    STUDIO = "subscriptionid"
    UPLOAD_DATE = "uploaddate"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowQuery:
    """What a list of workflows is asked for; None asks for nothing.

    ``search`` looks in name, description, author, file name and id, ``name`` in the name, both whatever the case.
    The creation times are those of the published version; both ends belong to the range.
    """

    search: str | None = None
    name: str | None = None
    owner_id: str | None = None
    package_type: PackageType | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    sort: WorkflowSort | None = None
    descending: bool = False
    offset: int = 0
    limit: int | None = None


class Workflows:
    """The table of workflows."""

    def __init__(self, database: Database, clock: Clock, users: Users, versions: Versions) -> None:
        self._database = database
        self._clock = clock
        self._users = users
        self._versions = versions

    def publish(self, new: NewWorkflow, version: NewVersion, *, by: str) -> Published:
        """A new workflow with its first version, uploaded by a user.

        NotFound when the owner is, Conflict when another workflow has the same ``source_app_id``.
        """
        now = self._clock()
        with self._database.transaction():
            if new.source_app_id and self._database.one(SQL["by_source"], {"source": new.source_app_id}):
                raise Conflict(f"A workflow with the sourceAppId {new.source_app_id} exists.")
            owner = self._users.find(new.owner_id)
            first = _versioned(version, id=new_id(now), workflow_id=new_id(now), number=1, by=by, at=now)
            workflow = Workflow(
                **_members(new),
                id=first.workflow_id,
                studio_id=owner.studio_id,
                created_at=now,
                published_version_id=first.id,
            )
            made_public = to_milliseconds(now) if workflow.public else None
            more = _folded(workflow, first) | {"made_public_at": made_public}
            self._database.run(SQL["insert"].format(values=values(Workflow, *more)), write(workflow) | more)
            self._versions.insert(first)
        return Published(workflow=workflow, version=first)

    def add_version(self, workflow_id: str, version: NewVersion, *, by: str, publish: bool = True) -> Version:
        """The next version of a workflow, uploaded by a user, and published unless told otherwise; NotFound."""
        now = self._clock()
        with self._database.transaction():
            workflow = self.find(workflow_id, changing=True).workflow
            number = self._versions.of(workflow_id)[-1].number + 1
            added = _versioned(version, id=new_id(now), workflow_id=workflow_id, number=number, by=by, at=now)
            self._versions.insert(added)
            if publish:
                params = {"id": workflow_id, "version_id": added.id} | _folded(workflow, added)
                self._database.run(SQL["publish"], params)
        return added

    def change(self, workflow: Workflow) -> None:
        """Write what may change of a workflow: name, comments, owner's flags, tags."""
        with self._database.transaction():
            version = self._versions.find(workflow.published_version_id, workflow_id=workflow.id)
            at = {"made_public_at": to_milliseconds(self._clock())}
            self._database.run(SQL["change"], write(workflow) | _folded(workflow, version) | at)

    def find(self, id: str, *, sight: Sight | None = None, changing: bool = False) -> Published:  # noqa: A002 - the word of the API
        """The workflow with its published version; NotFound, also when it is out of sight.

        One that is *changing* nobody else changes in this transaction.
        """
        if not changing:
            return self._database.once(("workflow", id, sight), lambda: self._find(id, sight))
        if self._database.for_update:
            # By itself: a lock on a joined record is not given where the other one has changed meanwhile.
            self._database.one(SQL["lock"].format(lock=self._database.for_update), {"id": id})
        return self._find(id, sight)

    def _find(self, id: str, sight: Sight | None) -> Published:  # noqa: A002 - the word of the API
        query = Filter()
        query.add("w.id = :id", id=id)
        if sight:
            sight.of_workflows(query)
        row = self._database.one(SQL["find"].format(columns=columns(Workflow), where=query.where), query.params)
        if row is None:
            raise NotFound(f"Workflow {id} was not found.")
        workflow = read(Workflow, row)
        return Published(workflow=workflow, version=self._versions.kept(workflow.published_version_id))

    def count_run(self, id: str) -> None:  # noqa: A002 - the word of the API
        """One more run of this workflow began."""
        self._database.run(SQL["count_run"], {"id": id})

    def _select(
        self, query: Filter, sight: Sight | None, *, order: str = "w.sequence", page: str = ""
    ) -> list[Published]:
        if sight:
            sight.of_workflows(query)
        selected = f"{columns(Workflow, 'w')}, {columns(Version, 'v')}"
        sql = SQL["select"].format(columns=selected, where=query.where, order=order, page=page)
        rows = self._database.all(sql, query.params)
        return [Published(workflow=read(Workflow, row, "w"), version=read(Version, row, "v")) for row in rows]

    def list(self, asked: WorkflowQuery, *, sight: Sight | None = None) -> list[Published]:
        """The workflows that were asked for, with their published versions; oldest first unless sorted."""
        query = Filter()
        query.contains("w.search_folded", "search", asked.search)
        query.contains("w.name_folded", "name", asked.name)
        query.add("w.owner_id = :owner_id", owner_id=asked.owner_id)
        query.add("v.package_type = :package_type", package_type=asked.package_type)
        query.add("v.created_at >= :after", after=asked.created_after and to_milliseconds(asked.created_after))
        query.add("v.created_at <= :before", before=asked.created_before and to_milliseconds(asked.created_before))
        direction = "DESC" if asked.descending else "ASC"
        order = (
            f"{_SORTED_BY[asked.sort]} {nulls_last(direction)}, w.sequence" if asked.sort else f"w.sequence {direction}"
        )
        return self._select(query, sight, order=order, page=query.page(asked.offset, asked.limit))


_SORTED_BY = {
    WorkflowSort.AUTHOR: "LOWER(v.author)",
    WorkflowSort.COPYRIGHT: "LOWER(v.copyright)",
    WorkflowSort.DATE_MADE_PUBLIC: "w.made_public_at",
    WorkflowSort.DESCRIPTION: "LOWER(v.description)",
    WorkflowSort.EXECUTION_MODE: "v.execution_mode",
    WorkflowSort.NAME: "w.name_folded",
    WorkflowSort.OWNER: "u.email_folded",
    WorkflowSort.RUN_COUNT: "w.run_count",
    WorkflowSort.STUDIO: "w.studio_id",
    WorkflowSort.UPLOAD_DATE: "v.created_at",
}


def _members(record: NewWorkflow | NewVersion) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _versioned(new: NewVersion, *, id: str, workflow_id: str, number: int, by: str, at: datetime) -> Version:  # noqa: A002 - the record's own word
    return Version(**_members(new), id=id, workflow_id=workflow_id, number=number, uploaded_by=by, created_at=at)


def _folded(workflow: Workflow, version: Version) -> dict[str, str]:
    searched = (workflow.name, version.description, version.author, version.file_name, workflow.id)
    return {"name_folded": folded(workflow.name), "search_folded": folded("\n".join(searched))}
