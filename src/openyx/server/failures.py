"""What an error is over HTTP: one table of statuses, and the form that each family gives to an error."""

from __future__ import annotations

from http import HTTPStatus

from openyx.api.wire import Record
from openyx.errors import (
    AnswerError,
    AskedWrongly,
    BadRequest,
    Conflict,
    DiskFull,
    DocumentError,
    FolderInUse,
    Missing,
    NotAllowed,
    NotFound,
    NotLetIn,
    OpenYXError,
    StoreUnreachable,
    TooMany,
    UnreadableData,
)
from openyx.server.compat import Family
from openyx.server.exchange import Reply, json_reply

INVALID = "The request is invalid."
STORE_AWAY = 5
"""Seconds until it is worth while to come again."""


class GalleryProblem(Record, kw_only=True):
    """An error of the OAuth 1 family, its members in the order that was captured from a real server."""

    data: None = None
    exception_name: str
    inner_exception_message: str = ""
    message: str


class WebProblem(Record):
    """An error under ``/webapi``."""

    message: str


class FieldProblem(Record):
    """A request whose members are wrong: messages by the path of the member."""

    message: str
    model_state: dict[str, list[str]]


class OwnProblem(Record):
    """An error under our own prefix."""

    message: str
    code: str
    hint: str


class Unfit(BadRequest):
    """A member of a request that is not what the server takes; ``field`` is its path (``contract.Priority``)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, status=400)
        self.field = field


class NotAMethod(OpenYXError):
    """A known path with another method; ``allowed`` are those that it takes."""

    def __init__(self, message: str, *, allowed: tuple[str, ...]) -> None:
        super().__init__(message)
        self.allowed = allowed


_STATUS: tuple[tuple[type[OpenYXError], int], ...] = (
    # What is wrong here is nothing that the client could put right.
    (UnreadableData, 500),
    (FolderInUse, 500),
    (DiskFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (StoreUnreachable, HTTPStatus.SERVICE_UNAVAILABLE),
    (NotAllowed, 403),
    (NotLetIn, 401),
    (NotFound, 404),
    (NotAMethod, 405),
    (Conflict, 409),
    (TooMany, 429),
    (AskedWrongly, 400),
    (Missing, 400),
)
# A real server's name is known for 401 alone; the others are formed alike.
_EXCEPTION = {
    400: "BadRequestException",
    401: "UnauthorizedException",
    403: "ForbiddenException",
    404: "NotFoundException",
    405: "MethodNotAllowedException",
    408: "RequestTimeoutException",
    409: "ConflictException",
    413: "PayloadTooLargeException",
    415: "UnsupportedMediaTypeException",
    429: "TooManyRequestsException",
    503: "ServiceUnavailableException",
    507: "InsufficientStorageException",
}


def status_of(error: OpenYXError) -> int:
    """The HTTP status of an error; 500 for what should not have happened."""
    if isinstance(error, BadRequest):
        return error.status or 400
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def failure(error: OpenYXError, family: Family) -> Reply:
    """The answer that tells of an error in the form of a family."""
    status = status_of(error)
    return json_reply(_problem(error, status, family), status, _headers(error, status, family))


def broken(family: Family, request_id: str) -> Reply:
    """The answer to a request that broke something here: nothing of what broke, and where to look."""
    text = f"The request could not be served. The server's log tells more under {request_id}."
    return json_reply(_problem(OpenYXError(text), 500, family), 500)


def away(family: Family) -> Reply:
    """The answer while the store cannot be reached: nothing of where it is, and when to come again."""
    text = "The gallery cannot reach its store at the moment; what was to be changed may be changed or not."
    return failure(StoreUnreachable(text), family)


def waiting(error: TooMany) -> dict[str, str]:
    """The header that says when to come again."""
    return {} if error.retry_after is None else {"Retry-After": f"{error.retry_after:.0f}"}


def _problem(error: OpenYXError, status: int, family: Family) -> Record:
    text = f"{error.message} ({error.hint})" if error.hint and family is not Family.OWN else error.message
    if family is Family.GALLERY:
        return GalleryProblem(exception_name=_EXCEPTION.get(status, "Exception"), message=text)
    if family is Family.OWN:
        return OwnProblem(message=text, code=error.code, hint=error.hint)
    field = _field(error)
    return FieldProblem(message=INVALID, model_state={field: [text]}) if field else WebProblem(message=text)


def _field(error: OpenYXError) -> str:
    match error:
        case Unfit():
            return error.field
        case AnswerError():
            return "contract.Questions"
        case DocumentError():
            return "file"
        case _:
            return ""


def _headers(error: OpenYXError, status: int, family: Family) -> dict[str, str]:
    headers: dict[str, str] = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "OAuth" if family is Family.GALLERY else "Bearer"
    if isinstance(error, NotAMethod):
        headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, TooMany):
        headers |= waiting(error)
    if isinstance(error, StoreUnreachable):
        headers["Retry-After"] = f"{STORE_AWAY}"
    return headers
