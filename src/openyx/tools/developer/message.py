"""Message."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from openyx.document.config import Ignored, ignored, text
from openyx.errors import NotYet
from openyx.fields import V_WSTRING
from openyx.messages import Kind, Message
from openyx.relation import How, Relation, Summary
from openyx.tools.base import Context, Lowered, Seen, Tool, told, tool

MOST_REPORTED = 1_000
_SAID = "Message"


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
    expression: str = text("MessageExpression", default="")

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        if "[_recordnumber_]" in (self.expression + self.filter).lower():
            raise NotYet("[_RecordNumber_] in Message")
        chosen = self._chosen(records, context)
        said = chosen.add(_SAID, context.value(self.expression, chosen, target=V_WSTRING), V_WSTRING).select([_SAID])
        watched = {_SAID: said}
        if self.type is Type.ERROR_STOP:
            withheld = {"Output": NotYet("records up to the first error, in Message")}
            return Lowered(withheld=withheld, watched=watched, limit=MOST_REPORTED)
        return Lowered(outputs={"Output": records}, watched=watched, limit=MOST_REPORTED)

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
