"""Expressions of actions: answers are texts, and stand for truth values where one is wanted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openyx.engine.evaluate import Evaluator
from openyx.errors import FormulaError
from openyx.formula.context import Context

NOW = datetime(2026, 11, 24, tzinfo=UTC)
EVALUATE = Evaluator({"User.Folder": "data"}, Context(now=NOW, start=NOW))
VALUES = {"#1": "True", "#2": "False", "Width": "5", "Word": "it's <b>"}


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("[Width] + 'px'", "5px"),
        ("ToString(ToNumber([Width]) * 96)", "480"),
        ("ToNumber([Width]) * 96", "480"),
        ("Replace([Word], '<b>', '')", "it's "),
        ("![#1]", "False"),
        ("not [#2]", "True"),
        ("IIF([#1], 'a', 'b')", "a"),
        ("IF [#2] THEN 0 ELSEIF [#1] THEN 1 ELSE 2 ENDIF", "1"),
        ("IF [#1] = 'True' AND ![#2] THEN 'both' ELSE 'no' ENDIF", "both"),
        ("[#1]", "True"),
        ("[User.Folder]", "data"),
        ("'%User.Folder%'", "data"),
        ("Null()", ""),
        ("'a' // a comment", "a"),
    ],
)
def test_an_expression_gives_a_text(expression: str, text: str) -> None:
    assert EVALUATE(expression, VALUES) == text


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("[#1]", "True"),
        ("[#2]", "False"),
        ("(([#1]))", "True"),
        ("![#1]", "False"),
        ("IsEmpty([Width]) || [#2]", "False"),
        ("[Width] == '5'", "True"),
        ("Null()", "False"),
    ],
)
def test_a_condition_gives_true_or_false(expression: str, truth: str) -> None:
    assert EVALUATE(expression, VALUES, condition=True) == truth


def test_a_text_that_is_no_truth_is_refused_as_a_condition() -> None:
    with pytest.raises(FormulaError, match="Type mismatch"):
        EVALUATE("[Width]", VALUES, condition=True)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(FormulaError, match="Unknown variable"):
        EVALUATE("[Nobody] + 1", VALUES)
