"""The text of a setting as the value that its class wants."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING
from enum import Enum
from typing import Any

from openyx.fields import FieldType

_TRUTHS = {"true": True, "t": True, "1": True, "yes": True, "false": False, "f": False, "0": False, "no": False}


def converted(text: str, wanted: Any) -> Any:
    """*text* as *wanted*: a text, number, truth value, enum or field type, or one of these or nothing.

    An empty text is no number, truth value or enum: the setting counts as absent. Raises ``ValueError`` for a text
    that is not understood.

    >>> converted(" 12 ", int)
    12
    """
    if wanted is str or wanted is Any:
        return text
    if typing.get_origin(wanted) in (typing.Union, types.UnionType):
        (wanted,) = (each for each in typing.get_args(wanted) if each is not type(None))
        return converted(text, wanted)
    stripped = text.strip()
    if not stripped and not _has_empty(wanted):
        return MISSING
    if wanted is bool:
        return _truth(stripped)
    if wanted is int:
        return _whole(stripped)
    if wanted is float:
        return _number(stripped)
    if wanted is FieldType:
        return FieldType.of(stripped)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return _member(stripped, wanted)
    raise TypeError(f"a setting cannot be a {wanted}")


def _truth(text: str) -> bool:
    truth = _TRUTHS.get(text.lower())
    if truth is None:
        raise ValueError(f"{text!r} is neither True nor False")
    return truth


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{text!r} is no whole number") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number") from None


def _member(text: str, wanted: type[Enum]) -> Enum:
    for member in wanted:
        if str(member.value).lower() == text.lower():
            return member
    raise ValueError(f"{text!r} is none of " + ", ".join(str(member.value) for member in wanted))


def _has_empty(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, Enum) and any(member.value == "" for member in wanted)
