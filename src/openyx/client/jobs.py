"""A job: one run of a workflow, asked about, waited for, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from openyx.api.calls import Flow
from openyx.api.declaring import Driver, M, flow
from openyx.client import asking, saving, waiting
from openyx.client.handles import Handle
from openyx.client.http.times import moment
from openyx.client.outputs import Output, kept_by
from openyx.client.session import Session
from openyx.client.states import JobRecord, State
from openyx.messages import Message


class Job(Handle[M]):
    """One run of a workflow, as it stood when it was last asked about; :meth:`refresh` and :meth:`wait` ask again.

    ``saved`` lists the files that ``gallery.run(output=…)`` saved.
    """

    def __init__(self, driver: Driver, session: Session, state: State) -> None:
        super().__init__(driver, session)
        self._state = state
        self.saved: tuple[Path, ...] = ()

    @property
    def id(self) -> str:
        """The job's id."""
        return self._state.id

    @property
    def workflow_id(self) -> str:
        """The workflow's id; empty where the server did not say."""
        return self._state.workflow_id

    @property
    def workflow_name(self) -> str:
        """The workflow's name; empty where the server did not say."""
        return self._state.workflow_name

    @property
    def status(self) -> str:
        """The server's word: ``Queued``, ``Running``, ``Completed`` (well or badly), ``Cancelled`` …"""
        return self._state.status

    @property
    def disposition(self) -> str:
        """How it ended, in the server's word: ``Success``, ``Warning``, ``Error``."""
        return self._state.disposition

    @property
    def priority(self) -> str:
        """The server's word for its priority."""
        return self._state.priority

    @property
    def position(self) -> int | None:
        """Its place in the queue, 1 is the next; only the lists of our own gallery tell, of jobs that wait."""
        return self._state.position

    @property
    def created(self) -> datetime | None:
        """When it was started, in UTC."""
        return moment(self._state.created)

    @property
    def over(self) -> bool:
        """It has ended, well or badly."""
        return self._state.over

    @property
    def succeeded(self) -> bool:
        """It has ended with the disposition ``Success`` or ``Warning``. Without a known disposition it has not."""
        return self._state.succeeded

    @property
    def cancelled(self) -> bool:
        """It was cancelled; only V3 tells."""
        return self._state.cancelled

    @property
    def messages(self) -> tuple[Message, ...]:
        """What the run said so far."""
        return self._state.messages

    @property
    def outputs(self) -> tuple[Output[M], ...]:
        """The files that it made; none before it is over."""
        return tuple(Output(self._driver, self._session, file, job_id=self.id) for file in self._state.files)

    @property
    def record(self) -> JobRecord:
        """The record as the server wrote it."""
        return self._state.record

    @flow
    def refresh(self) -> Flow[Job[M]]:
        """Ask the server again; the same job, with its present state."""
        self._take((yield from asking.job(self._session, self.id)))
        return self

    @flow
    def wait(
        self,
        *,
        timeout: float | None = None,
        on_update: Callable[[Job[M]], object] | None = None,
        check: bool = True,
    ) -> Flow[Job[M]]:
        """Wait until the job is over.

        *timeout* is in seconds; when it ends the job goes on and can be waited for again. *on_update* is called at once
        and after each change of status or messages. A connection that breaks, a server that is away or ill does not end
        the wait.

        Raises ``TimedOut``, and ``AskedWrongly`` for a *timeout* that is none; with *check* also ``JobFailed`` and
        ``JobCancelled``, which hold the job and its messages.
        """
        yield from self._wait(timeout, on_update, check=check)
        return self

    def _wait(self, timeout: float | None, on_update: Callable[[Job[M]], object] | None, *, check: bool) -> Flow[None]:
        waiting.check(timeout)
        yield from waiting.wait(self, self._take, timeout=timeout, on_update=on_update, session=self._session)
        if check:
            waiting.judge(self)

    @flow
    def cancel(self) -> Flow[Job[M]]:
        """Cancel the job, or take it out of the queue.

        Raises ``NotFound`` when the server has no way to cancel (there is none before V3's newest form), or no such
        job.
        """
        yield from asking.cancel(self._session, self.id)
        return self

    def _save(self, folder: Path, format: str | None) -> Flow[None]:  # noqa: A002 - the API's own word
        with kept_by(self.id):
            saving.ready(folder)
            for each in self.outputs:
                self.saved += ((yield from each._save(folder, format)),)

    def _take(self, state: State) -> bool:
        """Take a new state; whether it changed."""
        before, self._state = self._state, state.after(self._state)
        return before.told != state.told

    def __repr__(self) -> str:
        outcome = f" {self.disposition}" if self.over else ""
        return f"<Job {self.id} {self.status}{outcome}>"
