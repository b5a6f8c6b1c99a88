"""Message."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, formula, ignored, text
from openyx.errors import NotYet
from openyx.fields import V_WSTRING
from openyx.messages import Kind, Message
from openyx.relation import How, Relation, Summary
from openyx.tools.base import Context, Lowered, Seen, Tool, told, tool

MOST_REPORTED = 1_000
_SAID = "Message"
_NUMBER = "_RecordNumber_"


class When(StrEnum):
    """With which records the message is sent."""

    FIRST = "First"
    FILTER = "Filter"
    LAST = "Last"
    ALL = "All"


class Type(StrEnum):
    """What the message is."""

    MESSAGE = "Message"
    WARNING = "Warning"
    ERROR = "Error"
    ERROR_STOP = "ErrorStop"
    FIELD_CONVERSION = "FieldConversionError"
    FILE = "FileOutputV2"


_KINDS = {
    Type.MESSAGE: Kind.INFO,
    Type.WARNING: Kind.WARNING,
    Type.ERROR: Kind.ERROR,
    Type.ERROR_STOP: Kind.ERROR,
    Type.FIELD_CONVERSION: Kind.CONVERSION_ERROR,
    Type.FILE: Kind.FILE_WRITTEN,
}


@tool("AlteryxBasePluginsGui.Message.Message")
class MessageTool(Tool):
    """Says something about the records that pass: of the first, the last, all, or those for which something is true."""

    ignores: ClassVar[tuple[Ignored, ...]] = (ignored("Priority", "it decides what an outer macro passes on"),)

    when: When = text("When", default=When.FIRST)
    filter: str = text("Filter", default="")
    type: Type = text("Type", default=Type.MESSAGE)
    transient: bool = text("Transient", default=False)
    expression: str = formula("MessageExpression", default="")

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        seen = records
        if _NUMBER.lower() in (self.expression + self.filter).lower() and _NUMBER not in records.schema:
            seen = records.number(_NUMBER)
        chosen = self._chosen(seen, context)
        said = chosen.add(_SAID, context.value(self.expression, chosen, target=V_WSTRING), V_WSTRING).select([_SAID])
        passing = self._before_error(seen, context) if self.type is Type.ERROR_STOP else records
        outputs = {"Output": passing.select(records.schema.names)}
        return Lowered(outputs=outputs, watched={_SAID: said}, limit=MOST_REPORTED)

    def report(self, seen: Seen) -> Iterable[Message]:
        said = seen.watched[_SAID]
        kind = Kind.TRANSIENT if self.transient and self.type is Type.MESSAGE else _KINDS[self.type]
        yield from (told(kind, each or "") for each in said.column(_SAID))
        if said.records > len(said):
            yield told(kind, f"{said.records - len(said):,} more messages are not shown")

    def _chosen(self, records: Relation, context: Context) -> Relation:
        match self.when:
            case When.FIRST:
                return records.limit(1)
            case When.LAST:
                last = [Summary(name=name, how=How.LAST, field=name) for name in records.schema.names]
                return records.aggregate(last)
            case When.FILTER:
                return records.filter(context.condition(self.filter, records))
            case When.ALL:
                return records

    def _before_error(self, records: Relation, context: Context) -> Relation:
        """The records that pass although the error stops them: those before its record (we assume)."""
        match self.when:
            case When.FIRST | When.ALL:
                return records.limit(0)
            case When.FILTER:
                return records.until(context.condition(self.filter, records))
            case When.LAST:
                raise NotYet("an error that stops with the last record, in Message")
