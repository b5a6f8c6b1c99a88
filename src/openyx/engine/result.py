"""What a run leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from openyx.messages import Message
from openyx.relation import Anchor

if TYPE_CHECKING:
    from openyx.document import Document
    from openyx.fields import Schema
    from openyx.relation.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Something that a run made for people: a file that it wrote, or the records of a Browse.

    ``name`` is the file's name, or the Browse's own; exactly one of ``path`` and ``table`` is there. ``records`` counts
    all records, of which ``table`` keeps the first.
    """

    tool: int
    name: str
    records: int
    path: Path | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended. ``ok`` means no error; warnings and conversion errors do not spoil it.

    ``ended`` tells whether it came to its end, which a test that fails does not prevent. ``counts`` are records by
    output anchor, ``schemas`` the fields there, ``tables`` the records of the anchors that were to be kept,
    ``document`` the workflow as it ran, with its answers in place.
    """

    ok: bool
    messages: tuple[Message, ...]
    ended: bool = False
    counts: Mapping[Anchor, int] = field(default_factory=dict[Anchor, int])
    schemas: Mapping[Anchor, Schema] = field(default_factory=dict[Anchor, "Schema"])
    outputs: tuple[Output, ...] = ()
    tables: Mapping[Anchor, Table] = field(default_factory=dict[Anchor, "Table"])
    document: Document | None = None
    seconds: float = 0.0
