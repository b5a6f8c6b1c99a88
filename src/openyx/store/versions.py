"""Versions: each upload of a workflow, with what was read from its file when it was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from openyx.errors import NotFound
from openyx.store.database import Database
from openyx.store.queries import queries
from openyx.store.rows import columns, read, values, write

SQL = queries("versions")


class PackageType(StrEnum):
    """What kind of workflow a file holds, in the API's words; ``number`` is the form of OAuth 1."""

    APP = "App"
    MODULE = "Module"
    MACRO = "Macro"

    @property
    def number(self) -> int:
        """0 app, 1 workflow, 2 macro."""
        return list(PackageType).index(self)


class ExecutionMode(StrEnum):
    """How freely a workflow may run."""

    SAFE = "Safe"
    SEMI_SAFE = "SemiSafe"
    STANDARD = "Standard"


class CredentialType(StrEnum):
    """Whose operating-system credentials a run has."""

    DEFAULT = "Default"
    REQUIRED = "Required"
    SPECIFIC = "Specific"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One choice of a question."""

    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of an app as the API shows it; ``type`` is ``QuestionTextBox`` and its kin."""

    name: str
    type: str
    description: str = ""
    value: str | None = None
    multiple: bool | None = None
    items: tuple[Item, ...] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What one uploads: a file that is in the blob folder, and what was read from it.

    ``file_name`` is the workflow's own (``Sales.yxwz``), ``entry`` its path within the package (``""``: the upload
    is the bare workflow), ``digest`` and ``size`` those of the uploaded file. ``name`` to ``no_output_files_message``
    is what the file says about itself.
    """

    file_name: str
    entry: str = ""
    digest: str
    size: int
    package_type: PackageType
    name: str
    description: str = ""
    author: str = ""
    copyright: str = ""
    url: str = ""
    url_text: str = ""
    output_message: str = ""
    no_output_files_message: str = ""
    questions: tuple[Question, ...] = ()
    is_chained: bool = False
    is_amp: bool = False
    comments: str | None = None
    upload_source: str = "ServerUIorServerAPI"
    run_disabled: bool = False
    execution_mode: ExecutionMode = ExecutionMode.STANDARD
    credential_type: CredentialType = CredentialType.DEFAULT
    credential_id: str = ""
    private_data_exemption: bool | None = None
    others_may_download: bool = True
    others_can_view_history: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(NewVersion):
    """A version of a workflow; ``number`` counts from 1."""

    id: str
    workflow_id: str
    number: int
    uploaded_by: str
    created_at: datetime

    @property
    def is_package(self) -> bool:
        """Whether the upload was a package, not a bare workflow."""
        return self.entry != ""


class Versions:
    """The table of versions; they are made through :class:`~openyx.store.workflows.Workflows`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found = lru_cache(maxsize=256)(self._find)

    def find(self, id: str, *, workflow_id: str | None = None) -> Version:  # noqa: A002 - the word of the API
        """A version, of that workflow where one is named; NotFound."""
        params = {"id": id, "workflow_id": workflow_id}
        row = self._database.one(SQL["find"].format(columns=columns(Version)), params)
        if row is None:
            raise NotFound(f"Version {id} was not found.")
        return read(Version, row)

    def kept(self, id: str) -> Version:  # noqa: A002 - the word of the API
        """A version that something refers to: it cannot be removed, and what it is never changes."""
        return self._found(id)

    def _find(self, id: str) -> Version:  # noqa: A002 - the word of the API
        return self.find(id)

    def of(self, workflow_id: str) -> list[Version]:
        """The versions of a workflow, oldest first."""
        sql = SQL["of"].format(columns=columns(Version))
        return [read(Version, row) for row in self._database.all(sql, {"workflow_id": workflow_id})]

    def insert(self, version: Version) -> None:
        """Keep a version."""
        self._database.run(SQL["insert"].format(values=values(Version)), write(version))
