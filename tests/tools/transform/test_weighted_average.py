"""Weighted Average."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.shared.answers import Answer
from openyx.tools.transform.weighted_average import WeightedAverage

MARKS = table(
    "class: String(1), mark: Int16, weight: Int16, name: String(3)",
    "b, 4, 1, x",
    "a, 1, 1, x",
    "a, 2, 3, y",
    "b, , 1, x",
    "c, 5, 0, x",
)


def of(groups: str = "class", value: str = "mark", name: str = "Mean") -> WeightedAverage:
    given = {"Value": value, "Weight": "weight", "OutputFieldName": name, "GroupFields": groups}
    return WeightedAverage(answers=tuple(Answer(name=key, text=text) for key, text in given.items()))


def test_each_value_counts_as_much_as_its_weight() -> None:
    assert run(of(), MARKS).table == table("class: String(1), Mean: Double", "a, 1.75", "b, 2", "c, ")


def test_without_groups_there_is_one_record() -> None:
    assert run(of(groups=""), MARKS).table == table("Mean: Double", f"{11 / 6!r}")


def test_groups_may_be_in_quotes_and_several() -> None:
    ran = run(of(groups='"class","name"'), MARKS)
    assert ran.table.schema.names == ("class", "name", "Mean")
    assert len(ran.table.rows) == 4


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert run(of(name="Class"), MARKS).table.schema.names == ("class", "Class2")


def test_what_is_no_number_has_no_average() -> None:
    with pytest.raises(WorkflowError, match="and no number"):
        run(of(value="name"), MARKS)
    with pytest.raises(WorkflowError, match="The setting Value is missing"):
        run(of(value=""), MARKS)
