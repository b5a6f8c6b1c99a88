"""Evaluates expressions on tables of one and of several records, and reads the lines in which cases are written."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from openyx.errors import FormulaError
from openyx.fields import BOOL, DOUBLE, INT64, V_WSTRING, Field, FieldType, Schema
from openyx.formula import Context, compile_expression
from openyx.formula.nodes import Number, Text, Truth, within
from openyx.formula.parser import read
from openyx.formula.source import Source
from openyx.relation.expr import Expr
from openyx.relation.types import native

_CHANCE = re.compile("Rand|Uuid", re.IGNORECASE)
NOW = datetime(2026, 11, 24, 10, 30, 15, tzinfo=UTC)
WORLD = Context(
    now=NOW,
    start=NOW,
    chance=random.Random(1),
    environment={"GREETING": "hello"},
    exists=lambda path: path == "here.txt",
)


@dataclass(frozen=True)
class Answer:
    """What an expression gave for one record."""

    value: object
    faults: tuple[str, ...] = ()


class Table:
    """Records to compute over: ``Table({"a": V_WSTRING}, [("x",), (None,)])``."""

    def __init__(self, fields: Mapping[str, FieldType], records: Sequence[tuple[object, ...]]) -> None:
        self.schema = Schema(tuple(Field(name, type_) for name, type_ in fields.items()))
        columns = {field.name: native(field.type) for field in self.schema}
        self.frame = pl.DataFrame(records, schema=columns, orient="row")

    def compute(self, text: str, target: FieldType | None = None, **options: object) -> list[Answer]:
        """The value and the faults of each record."""
        expr = compile_expression(text, self.schema, target=target, context=WORLD, **options)  # type: ignore[arg-type]  # any option
        return self.answers(expr, once=bool(_CHANCE.search(text)))

    def answers(self, expr: Expr, *, once: bool = False) -> list[Answer]:
        """What an expression gives for each record, in the streaming engine as in the other, unless only *once*."""
        columns = {"value": expr.native} | {f"fault{place}": fault for place, fault in enumerate(expr.faults)}
        lazy = self.frame.lazy().with_columns(**columns).select(list(columns))
        frame = lazy.collect(engine="streaming")
        assert frame.schema["value"] == native(expr.type)
        assert once or frame.rows() == lazy.collect().rows()
        return [Answer(value, tuple(str(one) for one in faults if one is not None)) for value, *faults in frame.rows()]


ONE = Table({"_": V_WSTRING}, [("",)])


def answer(text: str, target: FieldType | None = None) -> Answer:
    """What an expression without fields gives."""
    (only,) = ONE.compute(text, target)
    return only


def in_columns(text: str) -> Answer:
    """The expression with every constant in a field of its own, in a record among records of nulls.

    The fields' names look like patterns, and beside each stands one that the pattern would find.
    """
    node, fields, values = read(Source(text)), dict[str, FieldType](), list[object]()
    for literal in sorted((one for one in within(node)), key=lambda one: -one.at.start):
        if isinstance(literal, Number | Text | Truth):
            name = f"^p{len(values)}$"
            text = f"{text[: literal.at.start]}[{name}]{text[literal.at.end :]}"
            fields[name] = _type(literal.value)
            values.append(literal.value)
    if not values:
        return answer(text)
    nothing = (None,) * len(values)
    decoys = {name.strip("^$"): type_ for name, type_ in fields.items()}
    table = Table(fields | decoys, [record + nothing for record in (nothing, tuple(values), nothing, tuple(values))])
    answers = table.compute(text)
    assert answers[1] == answers[3] or _CHANCE.search(text)
    return answers[1]


def _type(value: object) -> FieldType:
    match value:
        case bool():
            return BOOL
        case int():
            return INT64
        case float():
            return DOUBLE
        case _:
            return V_WSTRING


@dataclass(frozen=True)
class Line:
    """``expression => value, fault`` or ``expression => error: words``; unless *strict*, null hides its fault."""

    text: str
    wanted: str
    place: str
    strict: bool = True

    @property
    def error(self) -> str | None:
        """The words of the error that is to come."""
        return self.wanted.removeprefix("error:").strip() if self.wanted.startswith("error:") else None

    def check(self, compute: Callable[[str], Answer] = answer) -> None:
        """Compute the line and compare."""
        if self.error is not None:
            with pytest.raises(FormulaError) as caught:
                compute(self.text)
            assert self.error in caught.value.message
            return
        value, faults = _wanted(self.wanted)
        got = compute(self.text)
        assert same(got.value, value), f"{self.place}: {self.text} gave {got.value!r}, not {value!r}"
        if faults or value is not None or self.strict:
            assert got.faults == faults, f"{self.place}: {self.text} reported {got.faults!r}"


def same(got: object, wanted: object) -> bool:
    """Equal as a formula's value: a number by its value, dates by their ISO text."""
    if isinstance(got, bool) or isinstance(wanted, bool) or got is None or wanted is None:
        return got is wanted
    if isinstance(wanted, int | float):
        return isinstance(got, int | float) and got == wanted
    return iso(got) == wanted


def iso(value: object) -> str:
    """A value as the language sees it."""
    return str(value).removesuffix(".000000")


def lines(text: str, arrow: str, place: str) -> list[Line]:
    """The cases of a text: every line that holds the arrow."""
    found = [line.strip() for line in text.splitlines() if arrow in line and not line.lstrip().startswith("#")]
    return [_line(line, arrow, place, strict=False) for line in found]


def _line(text: str, arrow: str, place: str, *, strict: bool = True) -> Line:
    expression, _, wanted = text.partition(arrow)
    return Line(expression.strip(), wanted.strip(), place, strict)


def read_cases(path: Path) -> list[Line]:
    """The cases of a file."""
    return [
        _line(line, " => ", f"{path.name}:{number}")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if " => " in line and not line.startswith("#")
    ]


_WANTED = re.compile(r"""(?P<value>"[^"]*"|'[^']*'|True|False|Null\(\)|[-+.\w]+)(?:, (?P<fault>.+))?""")


def _wanted(text: str) -> tuple[object, tuple[str, ...]]:
    found = _WANTED.fullmatch(text)
    assert found, f"{text!r} is no value"
    return _literal(found["value"]), (found["fault"],) if found["fault"] else ()


def _literal(text: str) -> object:
    match text:
        case "True" | "False":
            return text == "True"
        case "Null()":
            return None
        case _ if text[0] in "\"'":
            return text[1:-1]
        case _:
            return float(text) if re.search("[.eE]", text) else int(text)
