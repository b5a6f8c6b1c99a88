"""JSON bodies as real clients send them: every way to say "no answers", numbers and booleans where texts belong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NoReturn, TypeGuard, TypeVar

import msgspec

from openyx.api.v1.jobs import Answer
from openyx.api.wire import Record
from openyx.errors import AnswerError, BadRequest
from openyx.kinds import settled

R = TypeVar("R", bound=Record)

_FORM = "application/x-www-form-urlencoded"
_DEEPEST = 64


def read_body(body: bytes, kind: type[R], content_type: str = "") -> R:
    """The record that a body holds, whatever its content type says and whatever the case of its members.

    An empty body is an empty record. Raises ``BadRequest`` for what is no JSON object, ``AnswerError`` for answers
    that cannot be read.

    >>> from openyx.api.v1.jobs import EnqueueJob
    >>> read_body(b'{"questions": [{"name": "Year", "value": 2026}], "priority": 0}', EnqueueJob)
    EnqueueJob(questions=[Answer(name='Year', value='2026')], priority='0')
    """
    given = _object(body, content_type)
    members: dict[str, Any] = {}
    for name in _members(kind):
        value = given.get(name.lower())
        if name == "questions":
            members[name] = list(_answers(value))
        elif value not in (None, ""):
            members[name] = value
    try:
        return msgspec.convert(members, settled(kind), strict=False, from_attributes=True)
    except msgspec.ValidationError as error:
        raise BadRequest(f"The body is not what is taken here: {error}.", status=400) from error


@cache
def _members(kind: type[Record]) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(kind))


def _object(body: bytes, content_type: str) -> dict[str, object]:
    text = body.decode("utf-8-sig", "replace").strip()
    if not text:
        return {}
    value = _parsed(text, content_type)
    if value is None:
        return {}
    if not _is_object(value):
        raise BadRequest("The body must be a JSON object.", status=400)
    return {name.lower(): member for name, member in value.items()}


def _parsed(text: str, content_type: str) -> object:
    try:
        value = _JSON.decode(text)
        text.encode()
        _check_depth(value)
    except RecursionError:
        raise BadRequest("The body is nested too deeply.", status=400) from None
    except ValueError as error:
        form = content_type == _FORM
        reason = "a form is not taken here, send JSON" if form else f"{error}"
        raise BadRequest(f"The body is no JSON: {reason}.", status=400) from error
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


# Numbers stay as they were written: an answer of 150 or 1.50 is a text to the workflow.
_JSON = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_constant)


def _check_depth(value: object, depth: int = 0) -> None:
    """Refuse nesting that no real body has, and halves of surrogate pairs, which are no text."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        value.encode()
    elif _is_object(value):
        for name, member in value.items():
            name.encode()
            _check_depth(member, depth + 1)
    elif _is_list(value):
        for member in value:
            _check_depth(member, depth + 1)


def _answers(value: object) -> Iterator[Answer]:
    """The answers of a job: a list of names and values, or, as one client sends them, a map."""
    seen: set[str] = set()
    for name, given in _pairs(value):
        if name in seen:
            raise AnswerError(f"the question {name!r} is answered twice")
        seen.add(name)
        # A question without a value keeps its default, as one that is left out does.
        if given is not None:
            yield Answer(name=name, value=_answer(name, given))


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    if value in (None, "", [[]]):
        return
    if _is_object(value):
        yield from value.items()
    elif _is_list(value):
        yield from map(_pair, value)
    else:
        raise AnswerError("the questions must be a list of names and values")


def _pair(item: object) -> tuple[str, object]:
    if _is_object(item):
        members = {name.lower(): member for name, member in item.items()}
        name = members.get("name")
        if isinstance(name, str):
            return name, members.get("value")
    raise AnswerError('each answer must be an object such as {"name": "Region", "value": "East"}')


def _answer(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if _is_list(value) and all(isinstance(item, str) for item in value):
        return json.dumps(value)
    raise AnswerError(f"the answer to {name!r} must be a text")


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)
