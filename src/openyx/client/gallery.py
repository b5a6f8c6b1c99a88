"""A gallery: a server with workflows, ours or Alteryx's, in both worlds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from openyx.api.calls import Flow
from openyx.api.declaring import Async, Driver, M, Sync, flow
from openyx.client import asking, saving, waiting
from openyx.client.access.known import Server
from openyx.client.access.secret import Secret
from openyx.client.handles import Handle
from openyx.client.http.sync_driver import SyncDriver
from openyx.client.jobs import Job
from openyx.client.options import Options, Timeouts
from openyx.client.outputs import Progress
from openyx.client.questions import Answers
from openyx.client.raw import V1, V3, OpenYX
from openyx.client.session import Session
from openyx.client.workflows import Workflow, Workflows

Auth = Literal["auto", "oauth1", "oauth2"]


class GalleryOf(Handle[M]):
    """What both galleries can do.

    ``v1``, ``v3`` and ``openyx`` are the REST API itself, one method for each endpoint:
    ``gallery.v1.jobs.get("661f0c0ac36eb1e35e600001")``.
    """

    def __init__(self, driver: Driver, session: Session) -> None:
        super().__init__(driver, session)
        self.workflows: Workflows[M] = Workflows(driver, session)
        self.v1: V1[M] = V1(driver)
        self.v3: V3[M] = V3(driver)
        self.openyx: OpenYX[M] = OpenYX(driver)

    @property
    def address(self) -> str:
        """The address, as it is understood: scheme, host, port and what stands before ``/gallery`` or ``/webapi``."""
        return str(self._session.address)

    @property
    def server(self) -> Server | None:
        """What is known of the server: its address, the family of its API and where that stands; nothing before the
        first call."""
        return self._session.server

    @property
    def ours(self) -> bool:
        """Whether the last answer came from a gallery of this package, which offers more; nothing is asked for it."""
        return bool(self._session.ours)

    @flow
    def connect(self) -> Flow[str]:
        """Find out what the server speaks, and try the key; the finding as a sentence.

        Nothing needs it: the first call connects. Raises ``Unreachable``, ``NotLetIn``, ``NotFound`` (no such API
        there).
        """
        return (yield from asking.connect(self._session))

    @flow
    def run(
        self,
        name: str,
        answers: Answers | None = None,
        *,
        timeout: float | None = None,
        on_update: Callable[[Job[M]], object] | None = None,
        check: bool = True,
        priority: str | None = None,
        output: str | Path | None = None,
        format: str | None = None,  # noqa: A002 - the API's own word
    ) -> Flow[Job[M]]:
        """Find the workflow of exactly this *name*, start it, wait, and raise if it was no success.

        *answers* are the app's, by the name of the question; *timeout* is in seconds and ends the wait, not the job;
        *on_update* is called at each change; without *check* a failed job is returned like any other. With *output* the
        job's files are saved into that folder (in *format*, where they have it), and ``job.saved`` lists them.

        Raises ``NotFound``, ``Ambiguous``, ``AnswerError``, ``InDoubt``, ``TimedOut``, ``JobFailed``, ``JobCancelled``,
        ``DiskFull``.
        """
        waiting.check(timeout)
        workflow = yield from self.workflows._find(name)
        if output is not None:
            saving.ready(Path(output))
        job = yield from workflow._start(answers, priority)
        yield from job._wait(timeout, on_update, check=check)
        if output is not None:
            yield from job._save(Path(output), format)
        return job

    @flow
    def start(self, name: str, answers: Answers | None = None, *, priority: str | None = None) -> Flow[Job[M]]:
        """Find the workflow of exactly this *name* and start it; the job, at once."""
        workflow = yield from self.workflows._find(name)
        return (yield from workflow._start(answers, priority))

    @flow
    def job(self, job_id: str) -> Flow[Job[M]]:
        """The job with this id; raises ``NotFound``."""
        state = yield from asking.job(self._session, job_id)
        return Job(self._driver, self._session, state)

    @flow
    def jobs(self, *, workflow: str | None = None, status: str | None = None, limit: int = 100) -> Flow[list[Job[M]]]:
        """Jobs, newest first: of all workflows, or of the *workflow* of this name.

        Raises ``NotFound`` when the server lists jobs only workflow by workflow.
        """
        if workflow is None:
            states = yield from asking.jobs(self._session, status=status, limit=limit)
        else:
            found = yield from self.workflows._find(workflow)
            states = yield from asking.workflow_jobs(self._session, found._entry, limit=limit, status=status)
        return [Job(self._driver, self._session, state) for state in states]

    @flow
    def publish(
        self,
        path: str | Path,
        *,
        name: str | None = None,
        owner: str | None = None,
        new_version: bool = False,
        comments: str = "",
        progress: Progress | None = None,
    ) -> Flow[Workflow[M]]:
        """Publish a workflow file or a package; the workflow.

        Without *name* the file's own. *owner* is a user's id; our gallery takes the key's user, a real Server wants to
        be told. A name that is there already is an error unless *new_version*, which adds a version to it.

        Raises ``AskedWrongly`` (no such file, no owner), ``Conflict`` (the name is taken), ``NotFound`` (nothing to
        add a version to).
        """
        from openyx.client import publishing

        entry = yield from publishing.publish(
            self._session,
            Path(path),
            name=name,
            owner=owner,
            new_version=new_version,
            comments=comments,
            progress=progress,
        )
        return Workflow(self._driver, self._session, entry)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address}>"


class Gallery(GalleryOf[Sync]):
    """A gallery, in the blocking world.

    *url* is any address that can be pasted from a browser or a letter; *key* and *secret* are those of the *Keys* tab.
    All three are given, or none: then they come from the environment (``OPENYX_URL``, ``OPENYX_KEY``,
    ``OPENYX_SECRET`` or ``OPENYX_SECRET_FILE``), else from a profile (*profile*, ``OPENYX_PROFILE``, or the default
    one).

    *auth* is ``auto`` (ask the server which it speaks), ``oauth1`` or ``oauth2``. *ca* is a file of certificates that
    are trusted beside the system's. *proxy* is a proxy's address; without it ``HTTPS_PROXY`` and its kin count.
    *timeout* is the longest silence in seconds, or one for each phase. A secret is sent over plain HTTP to another
    machine only with *allow_http*.

    Nothing is sent before the first call. Close it, or use it as a context manager.

        with Gallery("https://alteryx.example.com/gallery/", key, secret) as gallery:
            job = gallery.run("Monthly Load", {"Region": "East"}, timeout=3600)
            job.outputs[0].save("reports")
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        secret: str | Secret | None = None,
        *,
        auth: Auth | None = None,
        profile: str | None = None,
        ca: str | Path | None = None,
        proxy: str | None = None,
        timeout: float | Timeouts | None = None,
        allow_http: bool | None = None,
        options: Options | None = None,
    ) -> None:
        session = Session.open(
            url, key, secret, auth=auth, profile=profile, ca=ca, proxy=proxy, timeout=timeout, allow_http=allow_http,
            options=options,
        )  # fmt: skip
        self._http = SyncDriver(session)
        super().__init__(self._http, session)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncGallery(GalleryOf[Async]):
    """A gallery, in the asynchronous world: the same as :class:`Gallery`, awaited.

    async with AsyncGallery() as gallery:
        job = await gallery.run("Monthly Load")
        await job.outputs[0].save("reports")
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        secret: str | Secret | None = None,
        *,
        auth: Auth | None = None,
        profile: str | None = None,
        ca: str | Path | None = None,
        proxy: str | None = None,
        timeout: float | Timeouts | None = None,
        allow_http: bool | None = None,
        options: Options | None = None,
    ) -> None:
        session = Session.open(
            url, key, secret, auth=auth, profile=profile, ca=ca, proxy=proxy, timeout=timeout, allow_http=allow_http,
            options=options,
        )  # fmt: skip
        # Who blocks does without asyncio, which takes as long to load as a call.
        from openyx.client.http.async_driver import AsyncDriver

        self._http = AsyncDriver(session)
        super().__init__(self._http, session)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
