"""Moments as servers write them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 text as a moment in UTC; nothing where there is none, or none that can be read.

    >>> moment("2016-08-11T16:49:40.732Z")
    datetime.datetime(2016, 8, 11, 16, 49, 40, 732000, tzinfo=datetime.timezone.utc)
    """
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def http_date(text: str) -> datetime | None:
    """The moment of a ``Date`` or ``Retry-After`` header; nothing where it is none."""
    try:
        read = parsedate_to_datetime(text)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
