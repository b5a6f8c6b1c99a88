"""Reading an answer: a record, a text, nothing, or a file that went into a sink."""

from __future__ import annotations

import re
from typing import Any, TypeVar, cast
from urllib.parse import unquote

import msgspec

from openyx.api import wire
from openyx.api.calls import Call, Nothing, Received
from openyx.client.http import problems
from openyx.client.http.exchange import Headers, Reply
from openyx.errors import BadAnswer

T = TypeVar("T")


def read(call: Call[T], reply: Reply) -> T:
    """The answer to *call*; raises ``BadAnswer`` for one that is none."""
    kind: Any = call.answer
    if kind is Nothing:
        return cast("T", Nothing())
    if kind is Received:
        return cast("T", _received(call, reply))
    try:
        return cast("T", wire.decode(reply.content, kind))
    except msgspec.ValidationError:
        return cast("T", _lenient(call, reply))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise problems.unreadable(reply, wish(call), error) from error


def _lenient(call: Call[Any], reply: Reply) -> Any:
    from openyx.client.http import lenient

    try:
        return lenient.decode(reply.content, call.answer)
    except msgspec.ValidationError as error:
        raise BadAnswer(
            f"{wish(call)}: the answer has another form than expected: {error}", status=reply.status
        ) from error


def _received(call: Call[Any], reply: Reply) -> Received:
    expected = reply.headers.first("content-length")
    size = reply.size if reply.size is not None else len(reply.content)
    if expected.isdigit() and int(expected) != size and not reply.headers.first("content-encoding"):
        raise BadAnswer(f"{wish(call)}: {size} bytes came, {expected} were announced", status=reply.status)
    return Received(
        name=file_name(reply.headers),
        content_type=reply.headers.first("content-type").partition(";")[0].strip(),
        size=size,
    )


def file_name(headers: Headers) -> str:
    """The name that a ``Content-Disposition`` gives, as it stands there."""
    disposition = headers.first("content-disposition")
    if found := re.search(r"filename\*\s*=\s*utf-8'[^']*'([^;\s]+)", disposition, re.IGNORECASE):
        return unquote(found[1])
    if found := re.search(r'filename\s*=\s*"((?:[^"\\]|\\.)*)"', disposition, re.IGNORECASE):
        return re.sub(r"\\(.)", r"\1", found[1])
    found = re.search(r"filename\s*=\s*([^;\s]+)", disposition, re.IGNORECASE)
    return found[1] if found else ""


def wish(call: Call[Any]) -> str:
    """What a call asks for, in words: ``GET v3/jobs/661f…``."""
    return f"{call.method} {call.path}"
