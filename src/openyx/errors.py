"""Everything this package raises on purpose.

    OpenYXError
    ├── AskedWrongly                 usage, settings, answers                         exit 2
    │   ├── AnswerError              a question that is unknown, missing or wrongly answered
    │   ├── DocumentError            a file that is no workflow, or a part of it that cannot be read
    │   ├── Conflict                 what is there already says otherwise
    │   ├── FolderInUse              a data folder that another server holds
    │   ├── UnreadableData           a data folder that this version cannot read
    │   └── MissingExtra             a part of the package that is not installed
    ├── WorkflowError                a workflow that cannot run, or a run that failed exit 1
    │   ├── FormulaError             an expression that does not parse or does not fit
    │   └── Missing                  what is needed and is not there
    │       ├── NotYet               recognised, not supported yet
    │       ├── NotHere              cannot exist on this machine
    │       └── Unknown              never heard of
    ├── DiskFull                     a disk without room for what was to be kept     exit 1
    ├── StoreUnreachable             a gallery's database that does not answer       exit 7
    ├── LeaseLost                    a worker reports on a job that is no longer its own  exit 1
    ├── JobFailed                    the job is over and was no success              exit 1
    ├── JobCancelled                 the job was cancelled                           exit 9
    ├── NotLetIn                     401: who are you                                exit 3
    │   └── NotAllowed               403: not you
    ├── NotFound                     404, or no such name                            exit 4
    │   └── Ambiguous                several of that name
    ├── TimedOut                     the wait ended, the job goes on                 exit 5
    ├── ServerError                  the server answered with an error               exit 6
    │   ├── BadRequest               400: what was sent is not what it takes
    │   ├── TooMany                  429
    │   └── BadAnswer                an answer that is none: HTML, half a JSON, a file of the wrong length
    ├── Unreachable                  no connection, no name, no trust, no answer     exit 7
    └── InDoubt                      a start whose answer was lost                   exit 8

Each carries a ``message`` for people, a ``hint`` that says what to do next (may be empty), a ``code`` for programs
(the class's name in snake_case) and the ``exit`` status of the command line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar


class OpenYXError(Exception):
    """The root: catches everything that this package raises on purpose."""

    exit: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """The kind of error for programs: ``JobFailed`` is ``job_failed``."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()


class AskedWrongly(OpenYXError):
    """The question itself is wrong: usage, flags, settings, a profile, a file that is no workflow."""

    exit = 2


class AnswerError(AskedWrongly):
    """An answer to a question of an app that is unknown, missing or of the wrong type."""


class DocumentError(AskedWrongly):
    """A file that is no workflow, or a part of it that cannot be read; ``place`` says where."""

    def __init__(self, message: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message, hint=hint)
        self.place = place


class Conflict(AskedWrongly):
    """What is asked contradicts what is there: an idempotency key of another request, a name that is taken."""


class FolderInUse(AskedWrongly):
    """A data folder that another server holds; ``pid`` is its process, 0 when unknown."""

    def __init__(self, message: str, *, pid: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.pid = pid


class UnreadableData(AskedWrongly):
    """A data folder that this version cannot read: written by a newer one, damaged, or without its key file."""


class MissingExtra(AskedWrongly):
    """A part of the package that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra [{extra}]", hint=f"pip install 'openyx[{extra}]'")
        self.extra = extra


class WorkflowError(OpenYXError):
    """A workflow that cannot run, or a run that failed; ``tool`` is the tool's number, where one is known."""

    def __init__(self, message: str, *, tool: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.tool = tool


class FormulaError(WorkflowError):
    """An expression that does not parse or whose types do not fit; ``position`` counts characters from 0."""

    def __init__(self, message: str, *, position: int = 0, hint: str = "", tool: int | None = None) -> None:
        super().__init__(message, tool=tool, hint=hint)
        self.position = position


class Missing(WorkflowError):
    """Something a workflow needs and that is not there; a workflow that needs it does not start."""

    word: ClassVar[str] = "missing"

    def __init__(self, detail: str, *, tool: int | None = None, hint: str = "") -> None:
        super().__init__(f"{self.word}: {detail}", tool=tool, hint=hint)
        self.detail = detail


class NotYet(Missing):
    """Recognised, and not supported yet."""

    word = "not supported yet"


class NotHere(Missing):
    """Cannot exist on this machine: a Windows component, a device, a drive."""

    word = "not available here"


class Unknown(Missing):
    """Never heard of."""

    word = "not known"


class DiskFull(OpenYXError):
    """The disk has no room for what was to be kept; nothing of it was."""


class StoreUnreachable(OpenYXError):
    """The gallery's database does not answer: what was to be written is not, or nobody knows."""

    exit = 7


class LeaseLost(OpenYXError):
    """A worker reports on a job that is no longer its own: the lease ended, or the job is over."""


class JobFailed(OpenYXError):
    """The job is over and was no success; ``job`` is its record, ``messages`` what the run said."""

    def __init__(self, message: str, *, job: Any = None, messages: Sequence[Any] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.job = job
        self.messages = tuple(messages)


class JobCancelled(OpenYXError):
    """The job was cancelled before it was over."""

    exit = 9

    def __init__(self, message: str, *, job: Any = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.job = job


class NotLetIn(OpenYXError):
    """The server does not know who is asking (401)."""

    exit = 3


class NotAllowed(NotLetIn):
    """The server knows who is asking and does not allow it (403)."""


class NotFound(OpenYXError):
    """Not there, as far as this key may see."""

    exit = 4


class Ambiguous(NotFound):
    """Several things have that name; ``matches`` lists them."""

    def __init__(self, message: str, *, matches: Sequence[Any] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.matches = tuple(matches)


class TimedOut(OpenYXError):
    """The wait is over, the job is not; ``job`` goes on."""

    exit = 5

    def __init__(self, message: str, *, job: Any = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.job = job


class ServerError(OpenYXError):
    """The server answered with an error; ``status`` is its HTTP status (0: none).

    ``retry_after`` is the time that it asks to wait, in seconds.
    """

    exit = 6

    def __init__(self, message: str, *, status: int = 0, retry_after: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.retry_after = retry_after


class BadRequest(ServerError):
    """What was sent is not what the server takes (400 and its kin)."""


class TooMany(ServerError):
    """The server asks to wait (429); ``retry_after`` is in seconds."""

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str = "") -> None:
        super().__init__(message, status=429, retry_after=retry_after, hint=hint)


class BadAnswer(ServerError):
    """An answer that is none: an HTML page of a proxy, half a JSON, a file of the wrong length."""


class Unreachable(OpenYXError):
    """No connection, no such host, no trust in its certificate, or no answer in time.

    ``sent`` says that the request may have arrived all the same; ``passing`` that another try may succeed.
    """

    exit = 7

    def __init__(self, message: str, *, sent: bool = False, passing: bool = True, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.sent = sent
        self.passing = passing


class InDoubt(OpenYXError):
    """A start was sent and its answer lost: the job may run or not."""

    exit = 8
