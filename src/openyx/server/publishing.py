"""What is published: the file and the texts of an upload, read, checked and turned into the store's records."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TypeVar, cast
from unicodedata import category

from openyx.api.calls import Part
from openyx.document import ENDINGS, Document, package, parse, start_file
from openyx.errors import BadRequest, NotAllowed, NotFound
from openyx.server.binding import truth
from openyx.server.downloads import safe_name
from openyx.server.failures import Unfit
from openyx.server.handlers import Caller, Request
from openyx.server.settings import LONGEST_NAME
from openyx.server.uploads import Upload, texts, uploads
from openyx.store import (
    CredentialType,
    ExecutionMode,
    Item,
    NewVersion,
    NewWorkflow,
    PackageType,
    Question,
    Role,
)

E = TypeVar("E", bound=StrEnum)

TEXTS = frozenset(
    {
        "name",
        "ownerid",
        "ispublic",
        "isreadyformigration",
        "othersmaydownload",
        "otherscanexecute",
        "executionmode",
        "workflowcredentialtype",
        "workertag",
        "districttags",
        "comments",
        "sourceappid",
        "hasprivatedataexemption",
        "credentialid",
        "collectionids",
        "bypassworkflowversioncheck",
        "makepublished",
        "makepublic",
        "candownload",
    }
)
"""The names of the parts that are texts, whether they have a filename or not."""

_PUBLISHERS = (Role.ARTISAN, Role.CURATOR)
# The largest workflow that is taken needs a gigabyte while it is read.
_READING = threading.BoundedSemaphore(2)
_UNSEEN = ("Cc", "Zl", "Zp")
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Form:
    """The texts of an upload by name in lower case; what is empty is not there."""

    given: Mapping[str, str]

    def text(self, name: str) -> str:
        """A text, or nothing."""
        return self.given.get(name.lower(), "")

    def truth(self, name: str, *, default: bool) -> bool:
        """``true`` or ``false`` in any case; Unfit."""
        text = self.text(name)
        return truth(_member(name), text) if text else default

    def choice(self, name: str, kind: type[E], default: E) -> E:
        """One of the API's words, in any case; Unfit."""
        text = self.text(name)
        for member in kind:
            if member.lower() == text.lower():
                return member
        if text:
            raise Unfit(_member(name), f"{text!r} is none of {', '.join(kind)}.")
        return default

    def list(self, name: str) -> tuple[str, ...]:
        """A JSON list of texts; Unfit."""
        text = self.text(name)
        try:
            value = json.loads(text or "[]")
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, list):
            raise Unfit(_member(name), "This is no JSON list of texts.")
        items = cast("list[object]", value)
        if not all(isinstance(item, str) for item in items):
            raise Unfit(_member(name), "This is no JSON list of texts.")
        return tuple(cast("list[str]", items))


def _member(name: str) -> str:
    """A part's name as errors name it: ``contract.IsPublic``."""
    return f"contract.{name[0].upper()}{name[1:]}"


def may_publish(caller: Caller) -> None:
    """Refuse who has not the right to publish."""
    if caller.user.role not in _PUBLISHERS:
        raise NotAllowed(f"Publishing needs the role Artisan or Curator; {caller.user.email} is {caller.user.role}.")


def form_of(parts: tuple[Part, ...]) -> Form:
    """The texts of an upload."""
    return Form({name: text for name, text in texts(parts).items() if text})


def new_workflow(request: Request, form: Form, version: NewVersion) -> NewWorkflow:
    """What the upload says of a new workflow. Without an owner it is the key's user's, without a name the file's."""
    if collections := form.list("collectionIds"):
        raise Unfit("contract.CollectionIds", f"Collection {collections[0]} was not found.")
    return NewWorkflow(
        name=_name(form.text("name") or version.name),
        owner_id=owner(request, form, default=request.caller.user.id),
        comments=form.text("comments"),
        worker_tag=named("contract.WorkerTag", form.text("workerTag")),
        district_tags=form.list("districtTags"),
        public=form.truth("isPublic", default=False),
        ready_for_migration=form.truth("isReadyForMigration", default=False),
        others_may_download=form.truth("othersMayDownload", default=True),
        others_can_execute=form.truth("othersCanExecute", default=True),
        source_app_id=named("contract.SourceAppId", form.text("sourceAppId")),
    )


def owner(request: Request, form: Form, *, default: str) -> str:
    """The user that the upload names as owner; Unfit when there is no such user."""
    try:
        return request.store.users.find(form.text("ownerId") or default).id
    except NotFound as error:
        raise Unfit("contract.OwnerId", error.message) from error


def new_version(parts: tuple[Part, ...], form: Form, source: str) -> NewVersion:
    """The uploaded file as a version, read and checked; :func:`kept` keeps it when nothing can be refused any more.

    Raises ``DocumentError`` for what is no workflow, with its place, and ``Unfit`` for a text that is not what it
    should be.
    """
    if form.text("credentialId"):
        raise Unfit("contract.CredentialId", f"Credential {form.text('credentialId')} was not found.")
    with _READING:
        read, entry = _read(_file(parts), form.text("name"))
    meta = read.meta
    return NewVersion(
        file_name=read.name,
        entry=entry,
        digest="",
        size=0,
        package_type=PackageType(read.package_type),
        name=meta.name,
        description=meta.description,
        author=meta.author,
        copyright=meta.copyright,
        url=meta.url,
        url_text=meta.url_text,
        output_message=meta.output_message,
        no_output_files_message=meta.no_output_files_message,
        questions=tuple(_questions(read)),
        is_chained=read.root.find("Properties/RuntimeProperties/Wiz_ChainRunWizard") is not None,
        is_amp=read.properties.amp,
        comments=form.text("comments") or None,
        upload_source=source,
        execution_mode=form.choice("executionMode", ExecutionMode, ExecutionMode.STANDARD),
        credential_type=form.choice("workflowCredentialType", CredentialType, CredentialType.DEFAULT),
        private_data_exemption=form.truth("hasPrivateDataExemption", default=False)
        if form.text("hasPrivateDataExemption")
        else None,
        others_may_download=form.truth("othersMayDownload", default=True),
    )


def kept(parts: tuple[Part, ...], version: NewVersion) -> NewVersion:
    """The version with its file in the blob folder."""
    blob = _file(parts).keep()
    return replace(version, digest=blob.digest, size=blob.size)


def _file(parts: tuple[Part, ...]) -> Upload:
    files = list(uploads(parts))
    if not files:
        raise Unfit("contract.file", "The file field is required.")
    if len(files) > 1:
        raise Unfit("contract.file", "One file is published at a time.")
    return files[0]


def _read(upload: Upload, title: str) -> tuple[Document, str]:
    """The document that was uploaded, and its path within the package when it is one.

    What it is shows in its first bytes: a known client sends packages under the workflow's own name.
    """
    assert upload.writer is not None
    name = safe_name(upload.filename or title or "workflow")
    with upload.writer.path.open("rb") as file:
        start = file.read(len(_ZIPS[0]))
        file.seek(0)
        if start in _ZIPS:
            read = package.document(file, name=name)
            file.seek(0)
            return read, str(start_file(file, name=name))
        if not start:
            raise BadRequest("The file is empty.", status=400)
        read = parse(file, name)
        return replace(read, name=_file_name(name, read)), ""


def _file_name(name: str, read: Document) -> str:
    """The name under which a bare workflow is kept: with the ending of what it is, if it has none."""
    ending = {"App": ".yxwz", "Macro": ".yxmc"}.get(read.package_type, ".yxmd")
    return name if PurePosixPath(name).suffix.lower() in ENDINGS else name + ending


def _questions(read: Document) -> list[Question]:
    return [
        Question(
            name=asked.name,
            type=asked.type,
            description=asked.description,
            value=asked.default,
            multiple=asked.multiple if asked.kind == "ListBox" else None,
            items=tuple(Item(key=shown, value=sent) for shown, sent in asked.items)
            if asked.kind == "ListBox"
            else None,
            required=asked.required,
        )
        for asked in read.questions
    ]


def named(field: str, text: str) -> str:
    """A text that names something; Unfit when it is too long for that."""
    if len(text) > LONGEST_NAME:
        raise Unfit(field, f"A name has at most {LONGEST_NAME} characters.")
    return text


def _name(name: str) -> str:
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Unfit("contract.Name", f"A name has 1 to {LONGEST_NAME} characters.")
    if any(category(letter) in _UNSEEN for letter in name):
        raise Unfit("contract.Name", "A name has no control characters and no line breaks.")
    return name
