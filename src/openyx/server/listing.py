"""What lists are asked for in texts: sort fields, directions, choices, moments; each understood or refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from openyx.server.failures import Unfit

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


def sorted_by(kind: type[E], text: str | None) -> E | None:
    """A sort field in any case; Unfit."""
    if not text:
        return None
    if text.lower() not in list(kind):
        raise Unfit("sortField", f"{text!r} is no field to sort by; there are {', '.join(kind)}.")
    return kind(text.lower())


def descending(text: str | None) -> bool:
    """Whether a direction is ``desc``; Unfit when it is not ``asc`` either."""
    return bool(text) and choice("direction", text or "", {"asc": False, "desc": True})


def choice(name: str, text: str, choices: Mapping[str, T]) -> T:
    """What a word means, in any case; Unfit."""
    if text.strip().lower() not in choices:
        raise Unfit(name, f"{text!r} is none of {', '.join(choices)}.")
    return choices[text.strip().lower()]


def several(name: str, text: str | None, choices: Mapping[str, T]) -> tuple[T, ...]:
    """What comma-separated words mean; Unfit."""
    return tuple(choice(name, word, choices) for word in words(text))


def words(text: str | None) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def moment(name: str, text: str | None) -> datetime | None:
    """A day or a moment in ISO 8601, in UTC where it names no zone; Unfit."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(name, f"{text!r} is no date such as 2026-11-24 and no time such as 2026-11-24T08:00:00Z.") from None
