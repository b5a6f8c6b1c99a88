"""Find Replace."""

from __future__ import annotations

import pytest

from openyx.errors import WorkflowError
from openyx.testing import run, table
from openyx.tools.join.find_replace import FindMode, FindReplace, ReplaceMode

TEXTS = table("n: Int32, t: V_String(40)", "1, a cat and a category", "2, Cat", "3, cat", "4,", "5, dog cat dog")
PAIRS = table("find: String(8), to: String(4), m: Int32", "cat, C, 1", "dog, D, 2", "category, Y, 3", "cat, Z, 4")


def replaced(**settings: object) -> list[object]:
    return [row[1] for row in run(tool(**settings), TEXTS, PAIRS).table.rows]


def tool(**settings: object) -> FindReplace:
    return FindReplace(find_in="t", search="find", replacement="to", **settings)  # type: ignore[arg-type] # settings


def test_the_first_find_is_replaced_and_fields_and_order_stay() -> None:
    assert run(tool(), TEXTS, PAIRS).table == table(
        "n: Int32, t: V_String(40)", "1, a C and a category", "2, Cat", "3, C", "4,", "5, D cat dog"
    )


def test_all_finds_may_be_replaced_and_the_longest_counts() -> None:
    assert replaced(every=True) == ["a C and a Y", "Cat", "C", None, "D C D"]


def test_what_was_put_in_is_not_searched_again() -> None:
    pairs = table("find: String(8), to: String(4)", "a, b", "b, a")
    ran = run(tool(every=True), table("t: String(4)", "abba"), pairs)
    assert ran.table.rows == (("baab",),)


def test_case_may_not_count_for_any_letter() -> None:
    assert replaced(no_case=True)[1] == "C"
    pairs = table("find: V_WString(8), to: String(4)", "ärger, x")
    texts = table("t: V_WString(20)", '"ÄRGER, kein Ärger"')
    assert run(tool(no_case=True, every=True), texts, pairs).table.rows == (("x, kein x",),)


def test_whole_words_are_not_touched_by_letters() -> None:
    texts = table("t: String(30)", "scatter cat", "cat_ (cat)", "category cats")
    ran = run(tool(whole_words=True, every=True), texts, PAIRS)
    assert [row[0] for row in ran.table.rows] == ["scatter C", "cat_ (C)", "Y cats"]
    once = run(tool(whole_words=True), texts, PAIRS)
    assert [row[0] for row in once.table.rows] == ["scatter C", "cat_ (C)", "Y cats"]


def test_only_the_beginning_may_be_searched() -> None:
    assert replaced(find_mode=FindMode.BEGIN, every=True) == ["a cat and a category", "Cat", "C", None, "D cat dog"]


def test_only_the_whole_text_may_be_searched() -> None:
    assert replaced(find_mode=FindMode.WHOLE) == ["a cat and a category", "Cat", "C", None, "dog cat dog"]
    assert replaced(find_mode=FindMode.WHOLE, no_case=True)[1] == "C"


def test_fields_of_the_record_that_is_found_first_may_be_appended() -> None:
    ran = run(tool(mode=ReplaceMode.APPEND, appended=("m", "to")), TEXTS, PAIRS)
    assert ran.table == table(
        "n: Int32, t: V_String(40), m: Int32, to: String(4)",
        "1, a cat and a category, 1, C",
        "2, Cat, ,",
        "3, cat, 1, C",
        "4, , ,",
        "5, dog cat dog, 2, D",
    )


def test_an_appended_field_does_not_take_a_name_that_is_there() -> None:
    source = table("find: String(3), T: Int32", "cat, 7")
    ran = run(FindReplace(find_in="t", search="find", mode=ReplaceMode.APPEND, appended=("T",)), TEXTS, source)
    assert ran.table.schema.names == ("n", "t", "T2")


def test_a_replacement_that_does_not_fit_is_cut_and_told() -> None:
    pairs = table("find: String(1), to: Int32", "b, 12345")
    ran = run(tool(), table("t: String(4)", "abc"), pairs)
    assert ran.table == table("t: String(4)", "a123")
    assert ran.said == ['t: "a12345c" was truncated']


def test_empty_and_null_keys_are_never_found_and_a_null_replacement_is_empty() -> None:
    pairs = table("find: String(1), to: String(1)", '"", x', ", y", "b,")
    assert run(tool(every=True), table("t: String(4)", "abc", '""'), pairs).table.rows == (("ac",), ("",))


def test_without_keys_nothing_changes() -> None:
    nothing = table("find: String(8), to: String(4), m: Int32")
    assert run(tool(every=True), TEXTS, nothing).table == TEXTS
    assert run(tool(), TEXTS, nothing).table == TEXTS
    assert run(tool(mode=ReplaceMode.APPEND, appended=("m",)), TEXTS, nothing).table.rows[0][2] is None


def test_only_texts_are_searched() -> None:
    with pytest.raises(WorkflowError, match='"n" is a Int32: only texts can be searched'):
        run(FindReplace(find_in="n", search="find", replacement="to"), TEXTS, PAIRS)
    with pytest.raises(WorkflowError, match='"gone" is not contained'):
        run(FindReplace(find_in="t", search="find", replacement="gone"), TEXTS, PAIRS)
