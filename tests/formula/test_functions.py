"""The examples in the functions' docstrings, on constants and on columns."""

from __future__ import annotations

import pytest

from openyx.formula.catalogue import CATALOGUE, spelling
from openyx.formula.functions import functions
from tests.formula.support import Line, in_columns, lines

EXAMPLES = [line for known in functions().values() for line in lines(known.doc, " -> ", known.name)]


@pytest.mark.parametrize("line", EXAMPLES, ids=lambda line: line.text)
def test_an_example_of_a_function_is_what_it_gives(line: Line) -> None:
    line.check()


@pytest.mark.parametrize("line", EXAMPLES, ids=lambda line: line.text)
def test_an_example_gives_the_same_when_its_constants_stand_in_columns(line: Line) -> None:
    line.check(in_columns)


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
        "Finance",
        "Spatial",
        "Specialized",
        "DateTime",
    }
    assert missing["Specialized"] == ["Message", "RangeMedian"]
