"""Sort."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.preparation.sort import Direction, Sort, SortField

PEOPLE = table("name: V_WString(20), age: Int32", "Zoe, 30", "adam, 25", "Bob, ", ", 30", "Bob, 7")


def by(*keys: str, locale: int = 0) -> Sort:
    fields = tuple(
        SortField(field=key.lstrip("-"), order=Direction.DESCENDING if key.startswith("-") else Direction.ASCENDING)
        for key in keys
    )
    return Sort(fields=fields, locale=locale)


def test_text_goes_by_character_code_and_nulls_come_first() -> None:
    assert run(by("name"), PEOPLE).table == table(
        "name: V_WString(20), age: Int32", ", 30", "Bob, ", "Bob, 7", "Zoe, 30", "adam, 25"
    )


def test_nulls_come_last_descending_and_equal_records_keep_their_order() -> None:
    assert run(by("-age"), PEOPLE).table == table(
        "name: V_WString(20), age: Int32", "Zoe, 30", ", 30", "adam, 25", "Bob, 7", "Bob, "
    )


def test_later_keys_decide_among_equals() -> None:
    assert run(by("-NAME", "age"), PEOPLE).table.rows[1:3] == (("Zoe", 30), ("Bob", None))


def test_a_missing_field_is_told_and_the_others_sort() -> None:
    ran = run(by("gone", "age"), PEOPLE)
    assert ran.said == ['The field "gone" is not contained in the record']
    assert [row[1] for row in ran.table.rows] == [None, 7, 25, 30, 30]


def test_nothing_left_to_sort_by_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='"gone" is not contained') as caught:
        run(by("gone"), PEOPLE)
    assert caught.value.hint == "fields: name, age"


def test_a_blob_cannot_be_sorted() -> None:
    with pytest.raises(WorkflowError, match="cannot be sorted"):
        run(by("b"), table("b: Blob", "ff"))


def test_a_dictionary_knows_no_case_at_first_and_puts_marked_letters_and_capitals_behind() -> None:
    words = table("w: V_WString(20)", "Zoë", "zoe", "Apple", "apple", "10", "_x", "co-op", "coop", "Öl", "ol", "")
    assert [row[0] for row in run(by("w", locale=1033), words).table.rows] == [
        None, "_x", "10", "apple", "Apple", "coop", "co-op", "ol", "Öl", "zoe", "Zoë",
    ]  # fmt: skip


def test_a_dictionary_leaves_numbers_alone_and_works_descending() -> None:
    words = table("w: String(9), n: Int32", "b, 2", "B, 10", "a, 10")
    assert run(by("-w", "n", locale=1033), words).table.rows == (("B", 10), ("b", 2), ("a", 10))
    assert [row[1] for row in run(by("n", "w", locale=1033), words).table.rows] == [2, 10, 10]
