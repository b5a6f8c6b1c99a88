"""The ground of all records on the wire: camelCase names, unknown members ignored, missing ones defaulted."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any, get_origin

import msgspec

from openyx.kinds import settled


class Record(msgspec.Struct, rename="camel", kw_only=True):
    """A record of the REST API. Members stand in the order in which a real server writes them."""


def encode(value: object) -> bytes:
    """A record, or a list of records, as JSON text."""
    return msgspec.json.encode(value, enc_hook=_plain)


def decode(text: bytes, kind: Any) -> Any:
    """JSON text as *kind*; a byte order mark in front is dropped, numbers and booleans may come as text.

    One object where a list is declared is a list of one: the Swagger document and the servers disagree about some.
    Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError``.

    >>> decode(b'{"id": 1}', list[dict[str, int]])
    [{'id': 1}]
    """
    text = text.removeprefix(b"\xef\xbb\xbf")
    if get_origin(kind) is list and text.lstrip()[:1] == b"{":
        text = b"[" + text + b"]"
    return _decoder(kind).decode(text)


@functools.cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(settled(kind), strict=False)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return timestamp(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def timestamp(moment: datetime) -> str:
    """A moment as the API writes it: ISO 8601 in UTC with ``Z``, three fractional digits or none.

    >>> timestamp(datetime(2016, 8, 11, 16, 49, 40, 732_000, tzinfo=UTC))
    '2016-08-11T16:49:40.732Z'
    """
    finest = "milliseconds" if moment.microsecond >= 1000 else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=finest).removesuffix("+00:00") + "Z"
