"""Answers of the command line become one mapping."""

from __future__ import annotations

from io import StringIO

import click
import pytest

from openyx.cli.shell.answers import given_answers
from openyx.errors import AskedWrongly


def named(text: str) -> StringIO:
    file = StringIO(text)
    file.name = "answers.json"
    return file


def test_only_the_first_equals_sign_parts_name_and_value() -> None:
    assert given_answers(("Filter=a=b", "Empty="), None) == {"Filter": "a=b", "Empty": ""}


def test_a_name_given_twice_is_a_list() -> None:
    assert given_answers(("Region=East", "Region=West"), None) == {"Region": ["East", "West"]}


def test_the_line_wins_over_the_file() -> None:
    file = named('{"Region": ["East", 2], "Year": 2026, "Tax": true}')
    assert given_answers(("Year=2027",), file) == {"Region": ["East", "2"], "Year": "2027", "Tax": "True"}


@pytest.mark.parametrize("pair", ["Region", "=East", " =x"])
def test_an_answer_without_a_name_is_an_error(pair: str) -> None:
    with pytest.raises(click.BadParameter, match="K=V"):
        given_answers((pair,), None)


@pytest.mark.parametrize(
    "text", ["{", "[]", '"x"', "", '{"a": null}', '{"a": {"b": 1}}', '{"a": [null]}', '{"a":' + "[" * 100_000]
)
def test_a_file_that_holds_no_answers_is_an_error(text: str) -> None:
    with pytest.raises(AskedWrongly, match=r"answers\.json"):
        given_answers((), named(text))


def test_a_file_of_saved_answers_will_do() -> None:
    saved = '\ufeff<?xml version="1.0"?><AppValues><Value name="Region">East</Value></AppValues>'
    assert given_answers(("Store=1",), named(saved)) == {"Region": "East", "Store": "1"}
