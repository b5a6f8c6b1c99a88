"""The ground of all records on the wire: camelCase names, unknown members ignored, missing ones defaulted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec


class Record(msgspec.Struct, rename="camel", kw_only=True):
    """A record of the REST API. Members stand in the order in which a real server writes them."""


def encode(value: object) -> bytes:
    """A record, or a list of records, as JSON text."""
    return msgspec.json.encode(value, enc_hook=_plain)


def decode(text: bytes, kind: Any) -> Any:
    """JSON text as *kind*; a byte order mark in front is dropped, numbers and booleans may come as text.

    Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError``.
    """
    return msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"), type=kind, strict=False)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return timestamp(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def timestamp(moment: datetime) -> str:
    """A moment as the API writes it: ISO 8601 in UTC with ``Z``, three fractional digits or none.

    >>> timestamp(datetime(2016, 8, 11, 16, 49, 40, 732_000, tzinfo=UTC))
    '2016-08-11T16:49:40.732Z'
    """
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    thousandths = moment.microsecond // 1000
    return f"{text}.{thousandths:03}Z" if thousandths else f"{text}Z"
