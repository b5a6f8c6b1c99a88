"""The examples in the functions' docstrings, on constants and on columns."""

from __future__ import annotations

import re

import pytest

from openyx.formula.catalogue import CATALOGUE, spelling
from openyx.formula.functions import functions
from openyx.formula.nodes import Number, Text, Truth, within
from openyx.formula.parser import read
from openyx.formula.source import Source
from openyx.fields import BOOL, DOUBLE, INT64, V_WSTRING, FieldType
from tests.formula.support import Answer, Line, Table, answer, lines

EXAMPLES = [line for known in functions().values() for line in lines(known.doc, " -> ", known.name)]
_CHANCE = re.compile("Rand|Uuid", re.IGNORECASE)


@pytest.mark.parametrize("line", EXAMPLES, ids=lambda line: line.text)
def test_an_example_of_a_function_is_what_it_gives(line: Line) -> None:
    line.check()


@pytest.mark.parametrize("line", EXAMPLES, ids=lambda line: line.text)
def test_an_example_gives_the_same_when_its_constants_stand_in_columns(line: Line) -> None:
    line.check(in_columns)


def in_columns(text: str) -> Answer:
    """The expression with every constant in a field of its own, in a record among records of nulls."""
    node, fields, values = read(Source(text)), dict[str, FieldType](), list[object]()
    for literal in sorted((one for one in within(node)), key=lambda one: -one.at.start):
        if isinstance(literal, Number | Text | Truth):
            name = f"p{len(values)}"
            text = f"{text[: literal.at.start]}[{name}]{text[literal.at.end :]}"
            fields[name] = _type(literal.value)
            values.append(literal.value)
    if not values:
        return answer(text)
    nothing = (None,) * len(values)
    table = Table(fields, [nothing, tuple(values), nothing, tuple(values)])
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


def test_every_function_has_examples_and_stands_in_the_catalogue() -> None:
    assert len(EXAMPLES) > 300
    for known in functions().values():
        assert spelling(known.name) == known.name
        assert known.name == "UuidCreate" or lines(known.doc, " -> ", known.name), known.name


def test_most_of_the_catalogue_is_there() -> None:
    missing = {
        category: [name for name in names if name.lower() not in functions()] for category, names in CATALOGUE.items()
    }
    assert {category for category, names in missing.items() if names} <= {
        "Finance", "Spatial", "Specialized", "DateTime"
    }
    assert missing["Specialized"] == ["Message", "RangeMedian"]
