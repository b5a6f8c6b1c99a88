"""Test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from openyx.document.config import block, many, text, value
from openyx.errors import DocumentError, WorkflowError
from openyx.messages import Kind, Message
from openyx.relation import Relation
from openyx.tools.base import Context, Input, Lowered, Seen, Tool, told, tool

MOST_REPORTED = 100


class What(StrEnum):
    """What is tested."""

    COUNT = "RecCountValue"
    SAME_COUNT = "RecCountMatch"
    ALL = "ExpAll"
    FIRST = "ExpFirst"


@block
class Check:
    """One test: a number of records, the number of another input, or an expression."""

    name: str = text("Name", default="")
    connection: str = text("Connection", default="#1")
    type: What = text("Type")
    value: str = text("Value", default="")


@tool("AlteryxBasePluginsGui.Test.Test", inputs=(Input(many=True),), outputs=())
class Test(Tool):
    """Fails the workflow when the records are not as they should be.

    A test counts records, compares the counts of two inputs, or wants an expression to be true of all records or of the
    first one. No record at all satisfies an expression.
    """

    checks: tuple[Check, ...] = many("Tests/Test", of=Check, required=True)
    once: bool = value("DontReportSubsequent", default=False)

    def formulas(self) -> Iterable[str]:
        return (check.value for check in self.checks if check.type in (What.ALL, What.FIRST) and check.value)

    def lower(self, inputs: Mapping[str, Relation], *, context: Context) -> Lowered:
        watched: dict[str, Relation] = {}
        for place, check in enumerate(self.checks):
            records = _input(inputs, check.connection)
            match check.type:
                case What.COUNT:
                    _count(check)
                    watched[f"{place}"] = records
                case What.SAME_COUNT:
                    watched[f"{place}"] = records
                    watched[f"{place} other"] = _input(inputs, check.value.strip())
                case What.ALL | What.FIRST:
                    looked_at = records.limit(1) if check.type is What.FIRST else records
                    condition = context.condition(check.value, looked_at, number=place + 1)
                    watched[f"{place}"] = looked_at.split(condition)[1]
        return Lowered(watched=watched, limit=0)

    def report(self, seen: Seen) -> Iterable[Message]:
        for place, check in enumerate(self.checks):
            records = seen.watched[f"{place}"].records
            other = seen.watched.get(f"{place} other")
            yield from self._failures(check, records, other.records if other is not None else 0)

    def _failures(self, check: Check, records: int, other: int) -> Iterator[Message]:
        failed = f'The test "{check.name}" failed'
        match check.type:
            case What.COUNT:
                if records != _count(check):
                    yield told(Kind.ERROR, f"{failed}: {records} records, not {_count(check)}")
            case What.SAME_COUNT:
                if records != other:
                    yield told(Kind.ERROR, f"{failed}: {records} records, not {other} as in {check.value.strip()}")
            case What.ALL | What.FIRST:
                reported = min(records, 1 if self.once else MOST_REPORTED)
                yield from [told(Kind.ERROR, f"{failed}: {check.value}")] * reported


def _input(inputs: Mapping[str, Relation], name: str) -> Relation:
    if name not in inputs:
        raise WorkflowError(f"no connection is called {name!r}; there are {', '.join(inputs) or 'none'}")
    return inputs[name]


def _count(check: Check) -> int:
    try:
        return int(check.value)
    except ValueError:
        raise DocumentError(f"{check.value!r} is no number of records", place=f"test {check.name!r}") from None
