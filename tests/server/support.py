"""What the server's tests share: workflows as texts, and a client that signs with a library that is not ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from oauthlib.oauth1 import SIGNATURE_TYPE_AUTH_HEADER, SIGNATURE_TYPE_QUERY, Client  # type: ignore[import-untyped] # it has no types

from openyx.queue import Queue
from openyx.store import Disposition, NewKey, NewOutput, NewVersion, NewWorkflow, PackageType, Published, Store

PLAIN = b"""<?xml version="1.0"?>
<AlteryxDocument yxmdVer="2021.4">
  <Nodes>
    <Node ToolID="1">
      <GuiSettings Plugin="AlteryxBasePluginsGui.TextInput.TextInput"><Position x="54" y="54" /></GuiSettings>
      <Properties><Configuration><NumRows value="0" /><Fields /><Data /></Configuration></Properties>
    </Node>
  </Nodes>
  <Connections />
  <Properties>
    <RunWithE2 value="True" />
    <MetaInfo>
      <NameIsFileName value="False" /><Name>Monthly Load</Name><Description>Loads the month</Description>
      <Author>Ann Example</Author><Copyright>None</Copyright>
      <DescriptionLink actual="https://example.com/about" displayed="About" />
    </MetaInfo>
  </Properties>
</AlteryxDocument>
"""

_QUESTIONS = """
<Question><Type>TextBox</Type><Description>Title of the report</Description><Name>Title</Name><ToolId value="2" />
  <Default>Sales</Default><Password value="False" /><Multiline value="False" /><Hidden value="False" /></Question>
<Question><Type>ListBox</Type><Description>Region</Description><Name>Region</Name><ToolId value="3" />
  <Multiple value="False" /><Mode>Manual</Mode><Manual_Values>East:E
West:W</Manual_Values></Question>
<Question><Type>Date</Type><Description>Since</Description><Name>Since</Name><ToolId value="4" />
  <Default value="2026-01-01" /></Question>
<Question><Type>NumericUpDown</Type><Description>Top</Description><Name>Top</Name><ToolId value="5" />
  <Default value="10" /><Minimum value="1" /><Maximum value="100" /><Increment value="1" />
  <Decimals value="0" /></Question>
<Question><Type>BooleanGroup</Type><Description>Include closed</Description><Name>Check Box (6)</Name>
  <ToolId value="6" /><Default value="False" /></Question>
"""

APP = (
    PLAIN.replace(
        b"<MetaInfo>",
        b"<RuntimeProperties><ModuleType>Wizard</ModuleType><Questions>" + _QUESTIONS.encode() + b"</Questions>"
        b"<Wiz_OutputMessage>Done.</Wiz_OutputMessage></RuntimeProperties><MetaInfo>",
    )
).replace(b"Monthly Load", b"Regional Sales")

MACRO = PLAIN.replace(b"<MetaInfo>", b"<RuntimeProperties><ModuleType>Macro</ModuleType></RuntimeProperties><MetaInfo>")


def packed(content: bytes = PLAIN, name: str = "Monthly Load.yxmd", more: Mapping[str, bytes] | None = None) -> bytes:
    """A package of a workflow with other files beside it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        for member, data in (more or {}).items():
            archive.writestr(member, data)
    return file.getvalue()


@dataclass(frozen=True)
class Address:
    """A gallery that listens on loopback, with what stands behind it."""

    url: str
    store: Store
    queue: Queue
    studio: NewKey
    user: NewKey
    http: httpx2.Client

    def signed(
        self,
        method: str,
        path: str,
        *,
        key: NewKey | None = None,
        header: bool = False,
        **more: Any,
    ) -> httpx2.Response:
        """A request that oauthlib signed, with the studio key unless another is named."""
        holder = key or self.studio
        kind = SIGNATURE_TYPE_AUTH_HEADER if header else SIGNATURE_TYPE_QUERY
        signer: Any = Client(holder.key.key, client_secret=holder.secret.reveal(), signature_type=kind)
        url, headers, _ = signer.sign(self.url + path, http_method=method)
        return self.http.request(method, url, headers={**headers, **more.pop("headers", {})}, **more)

    def bearer(self, method: str, path: str, *, key: NewKey | None = None, **more: Any) -> httpx2.Response:
        """A request with the token of a key, of the user key unless another is named."""
        token = self.store.tokens.issue((key or self.user).key).text.reveal()
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.http.request(method, self.url + path, headers=headers, **more)

    def publish(self, content: bytes = PLAIN, filename: str = "Monthly Load.yxmd", **texts: str) -> str:
        """The id of a new workflow."""
        answer = self.bearer(
            "POST", "/webapi/v3/workflows", files={"file": (filename, content)}, data={"name": filename[:-5], **texts}
        )
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert isinstance(found, str)
        return found

    def keep(self, content: bytes = PLAIN, name: str = "Monthly Load") -> str:
        """The id of a new workflow that was not published through the API, which an old server cannot."""
        blob, owner = self.store.blobs.add(content), self.store.users.owner()
        version = NewVersion(
            file_name=f"{name}.yxmd", digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, name=name
        )
        new = NewWorkflow(name=name, owner_id=owner.id)
        return self.store.workflows.publish(new, version, by=owner.id).workflow.id

    def finish(self, job_id: str, disposition: Disposition = Disposition.SUCCESS, **output: bytes) -> None:
        """Run a job as a worker would: its outputs by name (``__`` stands for the dot)."""
        job = self.queue.claim("a worker")
        assert job is not None
        assert job.id == job_id
        started = self.queue.start(job)
        outputs = [self.output(name.replace("__", "."), content) for name, content in output.items()]
        self.queue.finish(started, disposition, outputs=outputs)

    def output(self, name: str, content: bytes) -> NewOutput:
        """An output as a worker reports it."""
        blob = self.store.blobs.add(content)
        return NewOutput(name=name, formats=("Raw", "Csv"), digest=blob.digest, size=blob.size)

    def published(self, workflow_id: str) -> Published:
        """What the store keeps of a workflow."""
        return self.store.workflows.find(workflow_id)

    @property
    def host(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")
