"""What worker and child say to each other: one JSON object per line, the task down, events up."""

from __future__ import annotations

from typing import Literal

import msgspec

from openyx.kinds import settled
from openyx.messages import Kind

LONGEST_LINE = 16 << 20


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a child is to run: a workflow file, the folder that is its own, the answers by question.

    It may read what is ``readable``, too, and write what is ``writable``; ``largest`` is the most bytes of a file.
    """

    job: str
    workflow: str
    folder: str
    answers: dict[str, str]
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()
    largest: int | None = None


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """A child can take its task."""


class Taken(msgspec.Struct, frozen=True, kw_only=True, tag="taken"):
    """The child has its task. One that dies before has done nothing."""


class Said(msgspec.Struct, frozen=True, kw_only=True, tag="said"):
    """A message of the run."""

    kind: Kind
    text: str
    tool: int = -1


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """How many records the tools have passed on so far."""

    records: int


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the run made."""

    path: str
    name: str
    formats: tuple[str, ...]
    records: int | None = None
    kind: Literal["file", "browse"] = "file"
    tool: int = -1


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag="ended"):
    """The child's last word: whether the run went through, and what it made."""

    well: bool
    products: tuple[Product, ...] = ()


Event = Ready | Taken | Said | Progress | Ended

_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(settled(Event))
_tasks = msgspec.json.Decoder(settled(Task))


def line(record: Task | Event) -> bytes:
    """A record as one line."""
    return msgspec.json.encode(record) + b"\n"


def event(text: bytes) -> Event:
    """The event of a line; ``msgspec.ValidationError`` or ``DecodeError`` when it is none."""
    return _events.decode(text)


def task(text: bytes) -> Task:
    """The task of a line."""
    return _tasks.decode(text)
