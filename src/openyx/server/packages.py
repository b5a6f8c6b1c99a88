"""Packages on their way out: as they came, or made around a bare workflow."""

from __future__ import annotations

from openyx.document import pack
from openyx.errors import NotAllowed
from openyx.server.downloads import download, download_bytes
from openyx.server.exchange import Reply
from openyx.server.handlers import Request


def package(request: Request, workflow_id: str, version_id: str | None) -> Reply:
    """The package of a version of a workflow, of the published one unless one is named."""
    caller = request.caller
    published = request.store.workflows.find(workflow_id, sight=caller.sight)
    workflow, version = published.workflow, published.version
    if version_id:
        version = request.store.versions.find(version_id, workflow_id=workflow_id)
    open_to_all = workflow.others_may_download and version.others_may_download
    if not (open_to_all or caller.is_curator or workflow.owner_id == caller.user.id):
        raise NotAllowed(f"Workflow {workflow_id} may be downloaded by its owner only.")
    name = f"{workflow.name}.yxzp"
    file = request.store.blobs.open(version.digest)
    if version.is_package:
        return download(file, version.size, name)
    with file:
        return download_bytes(pack(file.read(), version.file_name), name)
