"""Unique."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.preparation.unique import Unique

FIELDS = "name: V_WString(20), age: Int32, n: Int32"
PEOPLE = table(FIELDS, "bob, 7, 1", "Bob, 7, 2", "bob, 7, 3", ", , 4", "bob, 8, 5", ", , 6", '"", , 7')


def test_the_first_of_each_kind_and_its_repetitions_come_sorted() -> None:
    ran = run(Unique(fields=("NAME", "age")), PEOPLE)
    assert ran.outputs == {
        "Unique": table(FIELDS, ", , 4", '"", , 7', "Bob, 7, 2", "bob, 7, 1", "bob, 8, 5"),
        "Duplicates": table(FIELDS, ", , 6", "bob, 7, 3"),
    }
    assert ran.said == ["5 unique records were found"]


def test_equal_records_keep_their_order() -> None:
    ran = run(Unique(fields=("age",)), PEOPLE)
    assert [row[2] for row in ran.outputs["Duplicates"].rows] == [6, 7, 2, 3]


def test_a_missing_field_is_told_and_the_others_decide() -> None:
    ran = run(Unique(fields=("gone", "age")), PEOPLE)
    assert len(ran.outputs["Unique"].rows) == 3
    assert 'The field "gone" is not contained in the record' in ran.said


def test_without_a_field_nothing_can_be_told_apart() -> None:
    with pytest.raises(WorkflowError, match="No field is selected"):
        run(Unique(fields=()), PEOPLE)
    with pytest.raises(WorkflowError, match='"gone" is not contained'):
        run(Unique(fields=("gone",)), PEOPLE)


def test_a_blob_is_no_kind() -> None:
    with pytest.raises(WorkflowError, match="cannot group"):
        run(Unique(fields=("b",)), table("b: Blob", "ff"))
