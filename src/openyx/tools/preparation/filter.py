"""Filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum

from openyx.document.config import block, formula, nested, text
from openyx.errors import NotYet, WorkflowError
from openyx.fields import Field, Kind
from openyx.formula import bracketed, quoted
from openyx.messages import Kind as Level
from openyx.messages import Message
from openyx.relation import Relation
from openyx.tools.base import Context, Lowered, Seen, Tool, field_of, told, tool
from openyx.tools.shared.moments import moment

_FIXED = "fixed"
_DAYS = {
    "today": "DateTimeToday()",
    "tomorrow": 'DateTimeAdd(DateTimeToday(), 1, "days")',
    "yesterday": 'DateTimeAdd(DateTimeToday(), -1, "days")',
}
_PERIODS = {
    "second": ("seconds", 1),
    "minute": ("minutes", 1),
    "hour": ("hours", 1),
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("months", 1),
    "quarter": ("months", 3),
    "year": ("years", 1),
}
"""The language knows no weeks and quarters."""

_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
_OF_FIELD: dict[str, Callable[[str], str]] = {
    "IsNull": "IsNull({})".format,
    "IsNotNull": "!IsNull({})".format,
    "IsEmpty": "IsEmpty({})".format,
    "IsNotEmpty": "!IsEmpty({})".format,
    "IsTrue": "{}".format,
    "IsFalse": "!{}".format,
}
_OF_TEXT: dict[str, Callable[[str, str], str]] = {
    "Contains": "Contains({}, {})".format,
    "NotContains": "!Contains({}, {})".format,
    "DoesNotContain": "!Contains({}, {})".format,
}
_RANGE, _AFTER, _BEFORE = "DateRange", "PeriodAfter", "PeriodBefore"
_OPERATORS = frozenset({*_COMPARED, *_OF_FIELD, *_OF_TEXT, _RANGE, _AFTER, _BEFORE})


class Mode(StrEnum):
    """Whether the condition was chosen or written."""

    SIMPLE = "Simple"
    CUSTOM = "Custom"


def _typed(written: str) -> str:
    """What was typed: the line breaks of a file that was laid out anew do not count."""
    return "" if "\n" in written and not written.strip() else written


@block
class Simple:
    """A condition that was chosen: field, operator, and what it compares with."""

    field: str = text("Field", default="")
    operator: str = text("Operator", default="=")
    operand: str = text("Operands/Operand", default="", convert=_typed)
    ignores_time: bool = text("Operands/IgnoreTimeInDateTime", default=False)
    day: str = text("Operands/DateType", default=_FIXED, convert=str.strip)
    start: str = text("Operands/StartDate", default="", convert=str.strip)
    end: str = text("Operands/EndDate", default="", convert=str.strip)
    period_day: str = text("Operands/PeriodDate", default="", convert=str.strip)
    period: str = text("Operands/PeriodType", default="", convert=str.strip)
    count: int = text("Operands/PeriodCount", default=0)

    def lacks(self) -> Iterable[str]:
        """What is not supported yet."""
        if self.operator not in _OPERATORS:
            yield f"the operator {self.operator} in Filter"
        if self.operator in (_AFTER, _BEFORE) and self._unit not in _PERIODS:
            yield f"the period {self.period!r} in Filter"

    def expression(self, field: Field) -> str:
        """The condition in the formula language. Raises ``NotYet`` for an operator of dates where there is none."""
        name = bracketed(field.name)
        if self.operator in _OF_FIELD:
            return _OF_FIELD[self.operator](name)
        if field.type.is_date:
            return self._of_date(field, name)
        if self.operator in _OF_TEXT:
            if not field.type.is_text:
                raise WorkflowError(f'"{field.name}" is no text: {self.operator} cannot be asked of it')
            return _OF_TEXT[self.operator](name, quoted(self.operand))
        if self.operator in _COMPARED:
            operand = quoted(self.operand) if field.type.is_text else _number(field, self.operand)
            return f"{name} {self.operator} {operand}"
        raise NotYet(f"the operator {self.operator} in Filter")

    def _of_date(self, field: Field, name: str) -> str:
        whole_days = field.type.kind is Kind.DATE or (field.type.kind is Kind.DATETIME and self.ignores_time)

        def day(written: str) -> str:
            expression = (
                quoted(moment(field, written)) if self.day.lower() in ("", _FIXED) else self._relative_day(field)
            )
            return f"Left({expression}, 10)" if whole_days else expression

        value = f"Left({name}, 10)" if whole_days else name
        if self.operator in _COMPARED:
            return f"{value} {self.operator} {day(self.operand.strip())}"
        if self.operator in _OF_TEXT:
            return _OF_TEXT[self.operator](name, quoted(self.operand))
        if self.operator == _RANGE:
            first, last = quoted(moment(field, self.start)), quoted(moment(field, self.end))
            if whole_days:
                first, last = f"Left({first}, 10)", f"Left({last}, 10)"
            return f"{value} >= {first} AND {value} <= {last}"
        return self._of_period(value, day(self.period_day), cut=whole_days)

    def _relative_day(self, field: Field) -> str:
        word = self.day.lower()
        if word not in _DAYS or field.type.kind is Kind.TIME:
            raise NotYet(f"a {field.type.kind} compared with the day {self.day!r} in Filter")
        return _DAYS[word]

    @property
    def _unit(self) -> str:
        return (self.period or "days").lower().removesuffix("s")

    def _of_period(self, value: str, day: str, *, cut: bool) -> str:
        """From a day on so many days, weeks, … or up to it; both ends belong to it."""
        word, units = _PERIODS[self._unit]
        count = units * {_AFTER: self.count, _BEFORE: -self.count}[self.operator]
        other = f"DateTimeAdd({day}, {count}, {quoted(word)})"
        other = f"Left({other}, 10)" if cut else other
        first, last = (day, other) if self.operator == _AFTER else (other, day)
        return f"{value} >= {first} AND {value} <= {last}"


@tool("AlteryxBasePluginsGui.Filter.Filter", outputs=("True", "False"))
class Filter(Tool):
    """Parts the records into those for which a condition is true, and the others.

    A condition that is null is not true. Text is compared without regard to case. Both outputs keep the order.
    """

    mode: Mode = text("Mode", default=Mode.CUSTOM)
    custom: str = formula("Expression", default="")
    simple: Simple | None = nested("Simple", of=Simple, default=None)

    def formulas(self) -> Iterable[str]:
        return (self.custom,) if self.mode is Mode.CUSTOM and self.custom else ()

    def lacks(self) -> Iterable[str]:
        return self.simple.lacks() if self.mode is Mode.SIMPLE and self.simple is not None else ()

    def lower(self, records: Relation, *, context: Context) -> Lowered:
        holds, fails = records.split(context.condition(self._expression(records), records))
        return Lowered(outputs={"True": holds, "False": fails})

    def report(self, seen: Seen) -> Iterable[Message]:
        if seen.counts:
            holds, fails = seen.counts["True"], seen.counts["False"]
            yield told(Level.INFO, f"{holds} records were True and {fails} were False")

    def _expression(self, records: Relation) -> str:
        if self.mode is Mode.CUSTOM:
            return self.custom
        if self.simple is None or not self.simple.field:
            raise WorkflowError("No field is chosen")
        field_of(records, self.simple.field)
        return self.simple.expression(records.schema[self.simple.field])


def _number(field: Field, written: str) -> str:
    """A number as an expression; a Bool may be written in words."""
    text = written.strip()
    if field.type.kind is Kind.BOOL and text.lower() in ("true", "false"):
        return text
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text, re.ASCII):
        raise WorkflowError(f'"{field.name}" is a number, and {written!r} is none')
    return text.removeprefix("+")
