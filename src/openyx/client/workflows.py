"""The workflows of a gallery: found by their exact name, asked for their questions, started, fetched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from openyx.api.calls import Flow
from openyx.api.declaring import Driver, M, fetched, flow
from openyx.client import asking, finding, waiting
from openyx.client.entries import Entry, WorkflowRecord
from openyx.client.handles import Handle
from openyx.client.http.times import moment
from openyx.client.jobs import Job
from openyx.client.outputs import Progress
from openyx.client.questions import Answers, Question
from openyx.client.session import Session


class Workflow(Handle[M]):
    """A workflow of a gallery; an *app* when it asks questions."""

    def __init__(self, driver: Driver, session: Session, entry: Entry) -> None:
        super().__init__(driver, session)
        self._entry = entry

    @property
    def id(self) -> str:
        """The workflow's id."""
        return self._entry.id

    @property
    def name(self) -> str:
        """The name under which it is found."""
        return self._entry.name

    @property
    def kind(self) -> str:
        """``app``, ``workflow`` or ``macro``; empty where the list does not say."""
        return self._entry.kind

    @property
    def owner(self) -> str:
        """The id of its owner (V3), or of its studio (V1)."""
        return self._entry.owner

    @property
    def version(self) -> int | None:
        """The number of its published version."""
        return self._entry.version

    @property
    def created(self) -> datetime | None:
        """When it was published first (V3) or last (V1), in UTC."""
        return moment(self._entry.created)

    @property
    def record(self) -> WorkflowRecord:
        """The record as the server wrote it."""
        return self._entry.record

    @fetched
    def questions(self) -> Flow[tuple[Question, ...]]:
        """Its questions in the order of its interface; none for a plain workflow."""
        return (yield from asking.questions(self._session, self.id))

    @flow
    def start(self, answers: Answers | None = None, *, priority: str | None = None) -> Flow[Job[M]]:
        """Start a run; the job, at once.

        *priority* is ``Low``, ``Medium``, ``High`` or ``Critical``, where the key has the right to it.

        Raises ``AnswerError`` before anything is sent, and ``InDoubt`` when the server's answer was lost and the job
        cannot be found.
        """
        return (yield from self._start(answers, priority))

    def _start(self, answers: Answers | None, priority: str | None) -> Flow[Job[M]]:
        from openyx.client import starting

        state = yield from starting.start(self._session, self._entry, answers, priority=priority)
        return Job(self._driver, self._session, state)

    @flow
    def run(
        self,
        answers: Answers | None = None,
        *,
        timeout: float | None = None,
        on_update: Callable[[Job[M]], object] | None = None,
        check: bool = True,
        priority: str | None = None,
    ) -> Flow[Job[M]]:
        """Start a run, wait until it is over, and raise if it was no success (unless *check* is off).

        The arguments are those of :meth:`start` and :meth:`Job.wait`; *timeout* is in seconds and begins with the wait.
        """
        waiting.check(timeout)
        job = yield from self._start(answers, priority)
        yield from job._wait(timeout, on_update, check=check)
        return job

    @flow
    def jobs(self, *, limit: int | None = None) -> Flow[list[Job[M]]]:
        """Its jobs, newest first, as the list tells them (V1 lists those that were started over the API)."""
        states = yield from asking.workflow_jobs(self._session, self._entry, limit=limit)
        return [Job(self._driver, self._session, state) for state in states]

    @flow
    def package(
        self,
        to: str | Path = ".",
        *,
        version_id: str | None = None,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Flow[Path]:
        """Save the workflow's package (``.yxzp``) into a folder, or under a path; the path where it is now.

        Without *version_id* that of the published version. Names and taken paths are treated as in
        :meth:`Output.save`.
        """
        return (
            yield from asking.package(
                self._session, self._entry, Path(to), version_id=version_id, overwrite=overwrite, progress=progress
            )
        )

    def __repr__(self) -> str:
        return f"<Workflow {self.name!r} {self.id}>"


class Workflows(Handle[M]):
    """The workflows that the key may see."""

    @flow
    def list(self, *, search: str | None = None) -> Flow[list[Workflow[M]]]:
        """The workflows in the server's order; *search* is the server's own filter, by parts of the name."""
        entries = yield from asking.workflows(self._session, search)
        return [Workflow(self._driver, self._session, entry) for entry in entries]

    @flow
    def find(self, name: str) -> Flow[Workflow[M]]:
        """The workflow of exactly this name; in another case when only one is meant. Never a part of a name.

        Raises ``NotFound``, which offers names that are near, and ``Ambiguous``, which lists all of that name.
        """
        return (yield from self._find(name))

    def _find(self, name: str) -> Flow[Workflow[M]]:
        entry = yield from finding.find(self._session, name)
        return Workflow(self._driver, self._session, entry)

    @flow
    def get(self, workflow_id: str) -> Flow[Workflow[M]]:
        """The workflow with this id; raises ``NotFound``."""
        entry = yield from asking.workflow(self._session, workflow_id)
        return Workflow(self._driver, self._session, entry)
