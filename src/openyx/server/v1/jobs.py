"""Jobs of the Subscription API: state and outputs."""

from __future__ import annotations

from msgspec import UNSET

from openyx.api.v1.jobs import JobApiView, Jobs
from openyx.errors import BadRequest
from openyx.server.downloads import download
from openyx.server.exchange import Reply
from openyx.server.handlers import Request, handles, sends
from openyx.server.v1.records import job_view
from openyx.store import Job, Output

FORMATS = (
    "Raw", "Yxdb", "Shp", "Kml", "Tab", "Mif", "Dbf", "Csv", "Pdf", "Docx", "Xlsx", "Html", "Tde", "Zip",
)  # fmt: skip
"""The words for the format of an output."""


@handles(Jobs.get)
def get(request: Request, job_id: str, *, include_messages: bool | None = None) -> JobApiView:
    """A job as it stands."""
    job = request.store.jobs.find(job_id, sight=request.caller.sight)
    return viewed(request, job, messages=include_messages is not False)


@sends(Jobs.output)
def output(
    request: Request,
    job_id: str,
    output_id: str,
    *,
    format: str | None = None,  # noqa: A002 - the API's own word
    attachment: bool | None = None,  # noqa: ARG001 - every output is sent as an attachment
) -> Reply:
    """One output as raw bytes."""
    job = request.store.jobs.find(job_id, sight=request.caller.sight)
    found = request.store.outputs.find(job.id, output_id)
    _check_format(found, format)
    return download(request.store.blobs.open(found.digest), found.size, found.name)


def viewed(request: Request, job: Job, *, messages: bool = True) -> JobApiView:
    """The record of a job, with its outputs once it is over."""
    store = request.store
    return job_view(
        job,
        outputs=store.outputs.of(job.id) if job.over else (),
        messages=store.messages.of(job.id) if messages and not job.is_new else (),
        amp=store.versions.kept(job.version_id).is_amp if request.shape.amp else UNSET,
    )


def _check_format(output: Output, asked: str | None) -> None:
    if not asked or asked.lower() in (each.lower() for each in output.formats):
        return
    if asked.lower() not in (each.lower() for each in FORMATS):
        raise BadRequest(f"{asked!r} is no format; there are {', '.join(FORMATS)}.", status=400)
    offered = ", ".join(output.formats)
    raise BadRequest(f"Output {output.id} cannot be had as {asked}, only as {offered}.", status=400)
