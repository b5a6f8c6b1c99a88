"""Message."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from openyx.document.config import formula, text
from openyx.fields import V_WSTRING
from openyx.messages import Kind, Message
from openyx.relation import How, Relation, Summary
from openyx.tools.base import Context, Lowered, Seen, Tool, told, tool

MOST_REPORTED = 1_000
_SAID = "Message"
_NUMBER = "_RecordNumber_"


class When(StrEnum):
    """When the message is sent: before a record, after the last one, or when all tools below have ended."""

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
    FILE_READ = "FileInputV2"
    FILE_WRITTEN = "FileOutputV2"


_KINDS = {
    Type.MESSAGE: Kind.INFO,
    Type.WARNING: Kind.WARNING,
    Type.ERROR: Kind.ERROR,
    Type.ERROR_STOP: Kind.ERROR,
    Type.FIELD_CONVERSION: Kind.CONVERSION_ERROR,
    Type.FILE_READ: Kind.FILE_READ,
    Type.FILE_WRITTEN: Kind.FILE_WRITTEN,
}


@tool("AlteryxBasePluginsGui.Message.Message")
class MessageTool(Tool):
    """Says something while records pass: before the first one, before those for which something is true, or at the end.

    Once all tools below have ended is after the last record here: a run tells its messages when it is over. A record's
    number is ``[_RecordNumber_]``. An error that stops keeps back the record before which it is sent, and all that come
    after it. Without a record there is no message (we assume). Of a message of high priority inside a macro only the
    text is told outside, as that of the tool that calls it.
    """

    when: When = text("When", default=When.FIRST)
    filter: str = formula("Filter", default="")
    type: Type = text("Type", default=Type.MESSAGE)
    priority: str = text("Priority", default="Normal")
    transient: bool = text("Transient", default=False)
    expression: str = formula("MessageExpression", default="")

    def formulas(self) -> Iterable[str]:
        return filter(None, (self.filter if self.when is When.FILTER else "", self.expression))

    @property
    def heard_outside(self) -> bool:
        return self.priority == "High" and self.type is not Type.ERROR_STOP

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        seen = records
        if any(_NUMBER.lower() in each.lower() for each in self.formulas()) and _NUMBER not in records.schema:
            seen = records.number(_NUMBER)
        chosen = self._chosen(seen, context)
        if self.type is Type.ERROR_STOP:
            chosen = chosen.limit(1)
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
            case When.FILTER:
                return records.filter(context.condition(self.filter, records))
            case When.LAST | When.ALL:
                last = [Summary(name=name, how=How.LAST, field=name) for name in records.schema.names]
                return records.aggregate(last)

    def _before_error(self, records: Relation, context: Context) -> Relation:
        match self.when:
            case When.FIRST:
                return records.limit(0)
            case When.FILTER:
                return records.until(context.condition(self.filter, records))
            case When.LAST | When.ALL:
                return records
