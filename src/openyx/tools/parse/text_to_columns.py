"""Text To Columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from openyx.document.config import text, value
from openyx.errors import WorkflowError
from openyx.fields import Field
from openyx.messages import Message
from openyx.relation import Relation
from openyx.relation.kernels.splitting import laid_out, split
from openyx.tools.base import Approximate, Lowered, Seen, Tool, tool
from openyx.tools.shared.parts import (
    MOST_REPORTED,
    Surplus,
    checked_count,
    columns,
    complaints,
    surplus,
    text_of,
    watched,
)

# What is known: with 8, a comma inside '…' was text; with 16, empty lines were left out. The others are assumed.
WHOLE = {1: '""', 2: "()", 4: "[]", 8: "''"}
SKIPS_EMPTY = 16
_KNOWN = 8 | SKIPS_EMPTY
_READ = SKIPS_EMPTY | sum(WHOLE)

_ESCAPE = re.compile(r"\\([ntsr\\])")
_ESCAPES = {"n": "\n", "t": "\t", "s": " ", "r": "\r", "\\": "\\"}


@tool("AlteryxBasePluginsGui.TextToColumns.TextToColumns")
class TextToColumns(Tool):
    r"""Parts a text at delimiters, into new fields or into records of its own.

    Each character is a delimiter by itself; `\n` is a new line, `\r` a carriage return, `\t` a tab, `\s` a blank, `\\`
    a backslash. Delimiters inside quotes or brackets can be left alone, and empty parts left out.

    To columns: the new fields stand at the end, are called by the root name with 1, 2, … behind, and have the type and
    size of the field. Fields without a part are null; an empty part is empty text. Of too many parts the last field
    takes all the rest, or they are dropped: silently, with a warning, or with an error.

    To rows: each record is repeated for every part, which stands in the place of the text. Order is kept. A null is
    null in the new fields, and one record.
    """

    approximate: ClassVar[tuple[Approximate, ...]] = (
        Approximate(
            "which flag stands for double quotes, which for round and which for square brackets is assumed",
            when=lambda tool: bool(tool.flags & ~_KNOWN),
        ),
        Approximate(
            "how a text begins again after empty parts that were left out is assumed",
            when=lambda tool: bool(tool.flags & SKIPS_EMPTY) and tool.root is not None,
        ),
    )

    field: str = text("Field")
    delimiters: str = value("Delimeters", "Delimiters")
    count: int | None = value("NumFields", default=None)
    to_rows: bool = value("SplitToRows", default=False)
    flags: int = value("Flags", default=0)
    handling: Surplus = text("ErrorHandling", default=Surplus.LAST, convert=surplus)
    root: str | None = text("RootName", default=None)

    def lacks(self) -> Iterable[str]:
        if unknown := self.flags & ~_READ:
            yield f"the flags {unknown} in Text To Columns"

    def lower(self, records: Relation) -> Lowered:
        assert not any(self.lacks())
        field, texts = text_of(records, self.field)
        delimiters = _unescaped(self.delimiters)
        if not delimiters:
            raise WorkflowError("No delimiter is given")
        skips_empty = bool(self.flags & SKIPS_EMPTY)
        whole = [pair for bit, pair in WHOLE.items() if self.flags & bit]
        pieces = split(texts, delimiters, whole=whole, skips_empty=skips_empty)
        note = f"TextToColumns: Parsed from {field.name}"
        like = Field(field.name, field.type, note, note)
        if self.root is None or self.count is None or self.to_rows:
            return Lowered(outputs={"Output": records.explode(like, pieces)})
        count = checked_count(self.count)
        rest = delimiters if self.handling is Surplus.LAST else ""
        parts = laid_out(texts, pieces, count, keeps_rest=rest, skips_empty=skips_empty)
        return Lowered(
            outputs={"Output": columns(records, parts, like, self.root)},
            watched=watched(records, pieces, count, self.handling),
            limit=MOST_REPORTED,
        )

    def report(self, seen: Seen) -> Iterable[Message]:
        return complaints(seen, self.field, self.count or 1, self.handling)


def _unescaped(delimiters: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], delimiters)
