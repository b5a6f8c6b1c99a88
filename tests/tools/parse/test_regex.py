"""RegEx."""

from __future__ import annotations

from typing import Any

import pytest

from openyx.errors import DocumentError, FormulaError, WorkflowError
from openyx.messages import Kind
from openyx.testing import run, table
from openyx.tools.parse.regex import Group, Method, RegEx
from openyx.tools.shared.parts import Surplus

TEXTS = table("t: V_WString(40)", "a1 b2", '""', "", "x", "ü3 ä4")


def tool(expression: str, method: Method, **more: Any) -> RegEx:
    return RegEx(field="t", expression=expression, method=method, **more)


def parse(expression: str, *fields: str, **more: Any) -> RegEx:
    """Fields as ``name: Type(size)``."""
    groups = [Group(field=name, type=kind, size=size) for name, kind, size in (field.split(" ") for field in fields)]
    return tool(expression, Method.PARSE, groups=tuple(groups), **more)


def replace(expression: str, replacement: str, **more: Any) -> RegEx:
    return tool(expression, Method.REPLACE, replacement=replacement, **more)


def tokens(expression: str, **more: Any) -> RegEx:
    return tool(expression, Method.TOKENIZE, **more)


def test_parse_takes_the_groups_of_the_first_fit() -> None:
    found = run(parse(r"([a-zäü])(\d)", "Letter V_WString 5", "Digit Int32 4"), TEXTS).table
    assert found == table(
        "t: V_WString(40), Letter: V_WString(5), Digit: Int32", "a1 b2, a, 1", '"", ,', ", ,", "x, ,", "ü3 ä4, ü, 3"
    )


def test_parse_notes_where_a_field_comes_from() -> None:
    (field,) = [field for field in run(parse("(a)", "A String 1"), TEXTS).table.schema if field.name == "A"]
    assert (field.source, field.description) == ("RegEx: Parsed from t", "RegEx: Parsed from t")


@pytest.mark.parametrize("tail", ["", "ß"])
def test_a_group_that_took_no_part_is_empty(tail: str) -> None:
    found = run(parse("(a)|(b)", "A String 1", "B Int32 4"), table("t: V_WString(9)", f"a{tail}", f"b{tail}")).table
    assert [row[1:] for row in found.rows] == [("a", None), ("", None)]


def test_groups_that_are_not_marked_do_not_count() -> None:
    found = run(parse(r"(?:x|a)(\d)", "Digit Byte 1"), TEXTS).table
    assert [row[1] for row in found.rows] == [1, None, None, None, None]


def test_what_does_not_convert_is_told() -> None:
    ran = run(parse(r"(\w)", "N Int32 4"), table("t: String(3)", "7", "z"))
    assert [row[1] for row in ran.table.rows] == [7, None]
    assert ran.said == ["N: z is not a number."]


def test_a_longer_group_is_cut_and_told() -> None:
    ran = run(parse(r"(\w+)", "N String 2"), table("t: String(3)", "abc"))
    assert ran.table.rows == (("abc", "ab"),)
    assert ran.said == ['N: "abc" was truncated']


def test_sizes_beyond_the_largest_mean_no_limit() -> None:
    found = run(parse("(a)", "A V_WString 2147483647"), TEXTS).table
    assert str(found.schema["A"].type) == "V_WString(1073741823)"


def test_a_name_that_is_taken_gets_a_number() -> None:
    found = run(parse("(a)(1)", "T String 1", "t String 1"), TEXTS).table
    assert found.schema.names == ("t", "T_2", "t_3")


def test_case_counts_only_when_asked() -> None:
    upper = table("t: String(3)", "A1")
    assert run(parse("(a)1", "x String 1"), upper).table.rows == (("A1", "A"),)
    assert run(parse("(a)1", "x String 1", ignores_case=False), upper).table.rows == (("A1", None),)


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        (r"\b(\w+)\s+\1\b", "it is is so", "is"),
        (r"(\u{2})", "abCDe", "CD"),
        (r"(\d+)(?=%)", "10 20%", "20"),
        (r"^(.*)$", "one\ntwo", "one\ntwo"),
        (r"([[:alpha:]]+),", "12abc,", "abc"),
    ],
)
def test_the_dialect_is_perls(expression: str, text: str, found: str) -> None:
    made = run(parse(expression, "x V_WString 99", ignores_case=False), table("t: V_WString(99)", f'"{text}"'))
    assert made.table.rows[0][1] == found


def test_parse_needs_a_field_for_each_group() -> None:
    with pytest.raises(WorkflowError, match=r"There are 2 marked groups .*, and 1 fields"):
        run(parse("(a)(b)", "x String 1"), TEXTS)
    with pytest.raises(WorkflowError, match="There are 0 marked groups"):
        run(tool("a", Method.PARSE, groups=(Group(field="x", type="No Marked Groups Found"),)), TEXTS)
    with pytest.raises(DocumentError, match="field x: 'Foo' is no field type"):
        run(parse("(a)", "x Foo 1"), TEXTS)


def test_replace_changes_every_fit_in_the_same_field() -> None:
    found = run(replace(r"(\w)(\d)", "$2-${1}"), TEXTS).table
    assert found == table("t: V_WString(40)", "1-a 2-b", '""', "", "x", "3-ü 4-ä")


def test_replace_keeps_the_size_and_tells_what_is_cut() -> None:
    ran = run(replace("a", "bbb"), table("t: String(4)", "aa", "xa"))
    assert ran.table == table("t: String(4)", "bbbb", "xbbb")
    assert ran.said == ['t: "bbbbbb" was truncated']


@pytest.mark.parametrize(
    ("replacement", "found"),
    [
        ("$&", "12345"),
        ("<$&>", "<12><345>"),
        ("", ""),
        ("$1", "25"),
        (r"\($&\)", "(12)(345)"),
    ],
)
def test_replace_may_leave_nothing_but_the_replacements(replacement: str, found: str) -> None:
    given = table("t: V_String(40)", "a12b345c", "none", "")
    made = run(replace(r"\d*(\d)", replacement, copies_unmatched=False), given).table
    assert [row[0] for row in made.rows] == [found, "", None]


def test_a_replacement_may_change_case_and_widen_the_text() -> None:
    given = table("t: V_String(40)", "ab")
    assert run(replace(r"(a)(b)", r"\U$1\E$2"), given).table.rows == (("Ab",),)
    ran = run(replace("a", "’"), given)
    assert ran.table.rows == (("'b",),)
    assert ran.said == ['t: "’b" could not be fully converted from a WString to a String.']


def test_tokens_become_fields_with_the_type_of_the_text() -> None:
    found = run(tokens(r"[a-zäü]\d", count=3, root="t"), TEXTS).table
    assert found == table(
        "t: V_WString(40), t1: V_WString(40), t2: V_WString(40), t3: V_WString(40)",
        "a1 b2, a1, b2,",
        '"", , ,',
        ", , ,",
        "x, , ,",
        "ü3 ä4, ü3, ä4,",
    )


@pytest.mark.parametrize("expression", [r"\w(\d)", r"\b\w(\d)", r"(?<=\w)(\d)"])
def test_of_a_token_the_marked_group_counts(expression: str) -> None:
    found = run(tokens(expression, count=2), TEXTS).table
    assert [row[1:] for row in found.rows] == [("1", "2"), (None, None), (None, None), (None, None), ("3", "4")]


def test_a_token_whose_group_took_no_part_is_empty() -> None:
    found = run(tokens("a|(b)", count=2), table("t: String(9)", "ab"))
    assert found.table.rows[0][1:] == ("", "b")


def test_surplus_tokens_are_dropped_and_told() -> None:
    ran = run(tokens(r"\d", count=1), TEXTS)
    assert [(message.kind, message.text) for message in ran.messages] == [
        (Kind.WARNING, 'Record 1: "t" has more than 1 parts'),
        (Kind.WARNING, 'Record 5: "t" has more than 1 parts'),
    ]
    assert run(tokens(r"\d", count=1, handling=Surplus.IGNORE), TEXTS).said == []
    assert run(tokens(r"\d", count=1, handling=Surplus.ERROR), TEXTS).messages[0].kind is Kind.ERROR


def test_tokens_become_records_and_a_text_without_one_goes() -> None:
    given = table("n: Int32, t: V_WString(40)", "1, a1 b2", '2, ""', "3, ", "4, x", "5, ü3")
    found = run(tokens(r"\w(\d)", to_rows=True), given).table
    assert found == table("n: Int32, t: V_WString(40)", "1, 1", "1, 2", "5, 3")


def test_each_character_is_a_token() -> None:
    assert [row[0] for row in run(tokens(".", to_rows=True), table("t: String(3)", "abc")).table.rows] == [
        "a",
        "b",
        "c",
    ]


def test_match_wants_the_whole_text() -> None:
    found = run(tool(r"\w\d", Method.MATCH), table("t: V_WString(9)", "A1", '"A1 "', "", "ü1")).table
    assert found == table("t: V_WString(9), t_Matched: Bool", "A1, True", '"A1 ", False', ", False", "ü1, True")


def test_match_may_tell_what_does_not_match() -> None:
    ran = run(tool(r"\d", Method.MATCH, matched="ok", wants_match=True), table("t: String(9)", "1", "x", ""))
    assert ran.table.schema.names == ("t", "ok")
    assert [(message.kind, message.text) for message in ran.messages] == [
        (Kind.ERROR, r'Record 2: "t" does not match "\d"'),
        (Kind.ERROR, r'Record 3: "t" does not match "\d"'),
    ]


def test_what_cannot_be_run_is_an_error() -> None:
    with pytest.raises(WorkflowError, match='"t" is not contained'):
        run(replace("a", "b"), table("u: String(3)", "a"))
    with pytest.raises(WorkflowError, match="No regular expression"):
        run(replace("", "b"), TEXTS)
    with pytest.raises(FormulaError, match="is not a regular expression"):
        run(replace("(a", "b"), TEXTS)
    with pytest.raises(WorkflowError, match="no text"):
        run(replace("a", "b"), table("t: Double", "1"))


def test_a_pattern_that_takes_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openyx.relation.kernels.patterns._PATIENCE", 0.05)
    with pytest.raises(WorkflowError, match="took more than"):
        run(parse(r"((?:a|a)+)(?!b)$", "x String 9"), table("t: String(60)", "a" * 40 + "b"))
